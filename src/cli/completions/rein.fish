# fish completion for rein. Reads commands and options from `rein help`, so that they always match
# the rein that is called. Completes a file if the help names the value or operand so.

# Runs `rein help ...` with the program of the command line.
function __rein_help
    set -l words (commandline -opc)
    set -l program $words[1]
    $program help $argv 2>/dev/null
end

# Prints the commands, each as `NAME<tab>SUMMARY`.
function __rein_commands
    __rein_help | string replace -rf '^  ([a-z][a-z-]*) +(\S.*)' '$1\t$2'
end

# Prints the command that was typed; fails if there is none yet.
function __rein_command
    set -l words (commandline -opc)
    test (count $words) -ge 2
    and echo $words[2]
end

# Whether a command was typed that is not in the list, and no command to run follows it.
function __rein_command_not
    set -l typed (__rein_command)
    and not contains -- $typed $argv
    and not __rein_runs
end

# Whether the cursor is in the command that `rein run` runs.
function __rein_runs
    set -l words (commandline -opc)
    test "$words[2]" = run
    and contains -- -- $words
end

# Prints the completions of that command.
function __rein_inner
    set -l words (commandline -opc)
    set -l first (math (contains -i -- -- $words) + 1)
    complete -C (string join ' ' -- $words[$first..-1] (commandline -ct))
end

# Prints the options of the command, each as `--NAME<tab>HELP`.
function __rein_options
    __rein_help (__rein_command) |
        string replace -rf '^  (--[a-z-]+)(?: [A-Z][A-Za-z.]*)?  +(.*)' '$1\t$2'
end

# Whether the previous word is an option whose value has a given name, or any name.
function __rein_awaits
    set -l words (commandline -opc)
    test (count $words) -ge 3
    or return 1
    set -l names (string join '|' $argv)
    test -n "$names"
    or set names '[A-Z][A-Za-z.]*'
    __rein_help $words[2] |
        string match -qr -- '^  '(string escape --style=regex -- $words[-1])" ($names)  +"
end

complete -c rein -f
complete -c rein -n 'not __rein_command' -a '(__rein_commands)'
complete -c rein -n 'not __rein_command' -l help -d 'list the commands'
complete -c rein -n 'not __rein_command' -l version -d 'show the version'
complete -c rein -n 'string match -q -- "-*" (commandline -ct); and __rein_command_not; and not __rein_awaits' \
    -a '(__rein_options)'
complete -c rein -n '__rein_command; and not __rein_command_not help' -a '(__rein_commands)'
complete -c rein -F -n '__rein_awaits PROFILE FILE OUT'
complete -c rein -F -n '__rein_command_not help; and not __rein_awaits'
complete -c rein -x -n __rein_runs -a '(__rein_inner)'
