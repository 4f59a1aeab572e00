#!/usr/bin/env bash
# coverage_bites.sh CC: checks that the coverage report passes if everything was run or excused. It
# must fail on a line or branch that was not run, on an excuse without a reason, and on an unused
# excuse.
set -u
compiler=$1
checks=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
status=0

mkdir -p src/host
cp "$checks/coverage.py" .
cat >src/host/seeded.c <<'END'
int main(int count, char **arguments) {
    (void)arguments;
    if (count > 1) {
        return 0;
    }
    return count - 1;
}
END
"$compiler" --coverage src/host/seeded.c -o seeded || exit 1

# report CODE TEXT EXCUSES: expects the exit code and the text.
report() {
    local output code=0
    printf '%s\n' "$3" >coverage_exclusions.txt
    output=$(./coverage.py "$folder" "$folder" 2>&1) || code=$?
    if [[ $code -ne $1 ]] || ! grep -qF -- "$2" <<<"$output"; then
        status=1
        printf '%s\n' "$output" "ended with $code, expected $1 and: $2"
    fi
}

line='src/host/seeded.c: return 0;'
branch='src/host/seeded.c: if (count > 1) {'
./seeded
report 1 'src/host/seeded.c:4: never run: return 0;' "$branch
    A reason."
report 1 'src/host/seeded.c:3: 1 of 2 branches never taken: if (count > 1) {' "$line
    A reason."
report 1 "no reason given for $line" "$line"
report 0 'lines without an excuse: 0' "$line
    A reason.
$branch
    A reason."
./seeded more
report 0 'lines without an excuse: 0' ''
report 1 "excuses what is covered, or is not there: $line" "$line
    A reason."
report 0 'lines without an excuse: 0' "$line
    By chance."
exit "$status"
