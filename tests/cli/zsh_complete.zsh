# zsh_complete.zsh COMPLETIONS LINE: prints what zsh with these completions offers for LINE, one word
# per line. Types the line and a tab into a second zsh on its own terminal. All matches pass through
# compadd, which is overridden there to print them. compinit writes its cache to $HOME.
zmodload zsh/zpty || exit 1
completions=$1 line=$2

shell() {
    zpty -w shell "$1"
    while zpty -r shell answer; do
        [[ $answer == *$2* ]] && return
    done
    exit 1
}

zpty shell zsh -f -i
shell "PROMPT=; stty -echo; print rea''dy" ready
shell "fpath=($completions \$fpath); autoload -Uz compinit; compinit -C -u; print rea''dy" ready
shell "bindkey '^I' complete-word; setopt rcquotes; zstyle ':completion:*' insert-tab false; print rea''dy" ready
zpty -w shell 'mark() { print -r -- "<mark>" }; compprefuncs=(mark); comppostfuncs=(mark)'
zpty -w shell 'compadd() {
    local -a hits
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)[[:space:]]* ]]; then
        builtin compadd "$@"
        return
    fi
    builtin compadd -A hits "$@"
    print -rl -- $hits
    builtin compadd "$@"
}'
shell "print rea''dy" ready
zpty -w -n shell "$line"$'\t'
marks=0
while ((marks < 2)) && zpty -r shell answer; do
    answer=${answer//$'\r'/}
    if [[ $answer == *'<mark>'* ]]; then
        ((marks++))
    elif ((marks == 1)); then
        print -rn -- "$answer"
    fi
done
