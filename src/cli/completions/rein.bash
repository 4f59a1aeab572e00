# bash completion for rein. Commands and options are those that `rein help` lists, so that they are
# always those of the rein that is called. A value or an operand is a file, where its name in the
# help says that it can be one.
# shellcheck shell=bash disable=SC2207

# The commands.
_rein_commands() {
    "$1" help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  *[^ ].*/\1/p'
}

# The options of a command, each `--NAME` or `--NAME VALUE`.
_rein_options() {
    "$1" help "$2" 2>/dev/null | sed -nE 's/^  (--[a-z-]+( [A-Z][A-Za-z.]*)?)  +.*/\1/p'
}

_rein() {
    local rein=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} called=${COMP_WORDS[1]} index
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "$(_rein_commands "$rein") --help --version" -- "$word"))
        return
    fi
    for ((index = 2; index < COMP_CWORD; index++)); do
        if [[ $called == run && ${COMP_WORDS[index]} == -- ]]; then
            # What follows is a command of its own.
            if ((index == COMP_CWORD - 1)); then
                COMPREPLY=($(compgen -c -- "$word"))
            else
                COMPREPLY=($(compgen -f -- "$word"))
            fi
            return
        fi
    done
    local options option value=
    mapfile -t options < <(_rein_options "$rein" "$called")
    for option in "${options[@]}"; do
        if [[ $option == "${COMP_WORDS[COMP_CWORD - 1]} "* ]]; then
            value=${option#* }
        fi
    done
    case $value in
    PROFILE | FILE | OUT) COMPREPLY=($(compgen -f -- "$word")) ;;
    ?*) ;; # a number, a size, a name: for the user to say
    *)
        if [[ $word == -* ]]; then
            COMPREPLY=($(compgen -W "${options[*]%% *}" -- "$word"))
        elif [[ $called == help ]]; then
            COMPREPLY=($(compgen -W "$(_rein_commands "$rein")" -- "$word"))
        else
            COMPREPLY=($(compgen -f -- "$word"))
        fi
        ;;
    esac
}

complete -o filenames -F _rein rein
