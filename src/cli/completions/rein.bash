# bash completion for rein. Reads commands and options from `rein help`, so that they always match
# the rein that is called. Completes a file if the help names the value or operand so.
# shellcheck shell=bash disable=SC2207

# Prints the commands.
_rein_commands() {
    "$1" help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  *[^ ].*/\1/p'
}

# Prints the options of a command, each as `--NAME` or `--NAME VALUE`.
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
            # The words after it are another command.
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
