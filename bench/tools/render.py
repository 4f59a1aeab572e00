"""Reports as Markdown tables and SVG charts."""
import shutil
import subprocess

ROLE_NAMES = {"ours": "**{}**", "peer": "{}", "limit": "_{}_"}
COLOURS = {"ours": ["#1b5e9e", "#5b9bd5"], "peer": ["#e07b39", "#c94f7c", "#8d6cab", "#d4a72c"],
           "limit": ["#7f7f7f", "#b0b0b0", "#4d4d4d"]}


def number_text(number):
    """Returns three significant digits, or a whole number from 1000 on."""
    if number == 0:
        return "0"
    if abs(number) >= 1000:
        return f"{number:,.0f}".replace(",", " ")
    return f"{float(f'{number:.3g}'):g}"


def of_table(report, name):
    return [row for row in report["rows"] if row["table"] == name]


def ratio_of_ours(rows, row):
    """Returns our figure as a multiple of the row's, or an empty text if there is none."""
    ours = [other for other in rows if other["case"] == row["case"] and other["role"] == "ours"
            and other["status"] == "measured"]
    if len(ours) != 1 or row["role"] == "ours" or not row["median"]:
        return ""
    return f"{ours[0]['median'] / row['median']:.2f}x"


def columns_of(rows):
    """Returns the heading and cell of each column that has a value in some row."""
    unit = next((row["unit"] for row in rows if row["status"] == "measured"), "")
    columns = [
        ("case", lambda row: row["case"]),
        ("", lambda row: ROLE_NAMES[row["role"]].format(row["subject"])),
        (unit, lambda row: number_text(row["median"])),
        ("quartiles", lambda row: f"{number_text(row['low'])} to {number_text(row['high'])}"
         if row.get("low", row["median"]) != row.get("high", row["median"]) else ""),
        ("ours / this", lambda row: ratio_of_ours(rows, row)),
        ("p99", lambda row: number_text(row["p99"]) if "p99" in row else ""),
        ("p99.9", lambda row: number_text(row["p99_9"]) if "p99_9" in row else ""),
        ("instructions", lambda row: number_text(row["instructions"])
         if "instructions" in row else ""),
        ("allocations", lambda row: number_text(row["allocations_per_operation"])
         if "allocations_per_operation" in row else ""),
    ]
    for name in sorted({name for row in rows for name in row.get("counters", {})}):
        columns.append((name, lambda row, name=name: number_text(row["counters"][name])
                        if name in row.get("counters", {}) else ""))
    measured = [row for row in rows if row["status"] == "measured"]
    return [(heading, cell) for heading, cell in columns
            if heading == "" or any(cell(row) for row in measured)]


def row_line(row, columns):
    if row["status"] != "measured":
        cells = [row["case"], ROLE_NAMES[row["role"]].format(row["subject"]),
                 f"{row['status']}: {row['reason']}"]
        return cells + [""] * (len(columns) - len(cells))
    return [cell(row) for _, cell in columns]


def markdown_table(headings, lines):
    text = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return text + ["| " + " | ".join(line) + " |" for line in lines]


def reason_if_all_waived(rows):
    """Returns the reason why nothing of a table was measured, or an empty text if something was."""
    reasons = {row.get("reason", "") for row in rows}
    return reasons.pop() if len(reasons) == 1 else ""


def table_lines(report, table):
    """Returns the lines of a table with its explanation, without a heading."""
    rows = of_table(report, table["name"])
    lines = [table["what"], "", f"Limited by: {table['limits']}", ""]
    if reason_if_all_waived(rows):
        return lines + [f"Waived: {reason_if_all_waived(rows)}."]
    cases = list(dict.fromkeys(row["case"] for row in rows))
    order = sorted(rows, key=lambda row: (cases.index(row["case"]), row["role"] != "ours"))
    columns = columns_of(rows)
    return lines + markdown_table([heading for heading, _ in columns],
                                  [row_line(row, columns) for row in order])


def goal_lines(goals):
    answers = {True: "met", False: "**missed**", None: "waived"}
    return markdown_table(
        ["goal", "of", "figure", "", "why"],
        [[goal["what"], goal["table"],
          f"{number_text(goal['figure'])} {goal.get('unit', '')}".strip()
          if "figure" in goal else "", answers[goal["met"]], goal.get("why", "")]
         for goal in goals])


def context_lines(context):
    return markdown_table(["measured on", ""],
                          [[key, str(value)] for key, value in context.items() if key != "part"])


def chart_name(report_name, table):
    words = "".join(letter if letter.isalnum() else "-" for letter in table["name"].lower())
    return f"{report_name}-{'-'.join(part for part in words.split('-') if part)}.svg"


def document(report, report_name, charts):
    lines = [f"# Benchmarks: {report_name}", "", *context_lines(report["context"]), "",
             "Bold: ours. Italic: a limit or a bare primitive. `ours / this`: our figure divided "
             "by the row's.", "", "## Goals", "", *goal_lines(report["goals"])]
    for table in report["tables"]:
        lines += ["", f"## {table['name']}", "", *table_lines(report, table)]
        if table["name"] in charts:
            lines += ["", f"![{table['name']}]({charts[table['name']]})"]
    return "\n".join(lines) + "\n"


def series_of(rows):
    """Returns each subject with its role, in the order of the rows, ours first."""
    series = list(dict.fromkeys((row["subject"], row["role"]) for row in rows))
    return sorted(series, key=lambda entry: ("ours", "peer", "limit").index(entry[1]))


def quoted(text):
    return '"' + text.replace("\\", " ").replace('"', "'") + '"'


def chart_script(table, rows, path):
    """Returns gnuplot's script: a group of bars for each case, a bar for each subject."""
    cases = list(dict.fromkeys(row["case"] for row in rows))
    medians = {(row["case"], row["subject"]): row["median"] for row in rows}
    series = series_of(rows)
    data = [" ".join([quoted(case)] + [str(medians.get((case, subject), "?"))
                                       for subject, _ in series]) for case in cases]
    used = {role: 0 for role in COLOURS}
    plots = []
    for number, (subject, role) in enumerate(series):
        colour = COLOURS[role][used[role] % len(COLOURS[role])]
        used[role] += 1
        plots.append(f"$data using {number + 2}:xtic(1) title {quoted(subject)} "
                     f"linecolor rgb '{colour}'")
    is_crowded = max(len(case) for case in cases) * len(cases) > 70
    return "\n".join([
        f"set terminal svg size {max(760, 90 * len(cases))},{440 if is_crowded else 380} "
        "font 'sans-serif,12' background '#ffffff'",
        f"set output {quoted(path)}", f"set title {quoted(table['name'])} noenhanced",
        "$data << END", *data, "END",
        "set style data histograms", "set style histogram clustered gap 1",
        "set style fill solid border lc rgb '#ffffff'", "set boxwidth 0.95",
        "set grid ytics linecolor rgb '#dddddd'", "set border 3", "set tics nomirror",
        "set key below center horizontal noenhanced samplen 2 width -2", "set rmargin 4",
        "set xtics noenhanced" + (" rotate by -35" if is_crowded else ""),
        f"set ylabel {quoted(rows[0]['unit'])}",
        "set logscale y\nset yrange [*:*]" if table.get("chart") == "log" else "set yrange [0:*]",
        "plot " + ", ".join(plots), ""])


def write_charts(report, report_name, folder):
    """Returns the charts' file names by table name; none if gnuplot is not installed."""
    charts = {}
    if shutil.which("gnuplot") is None:
        print("bench: no charts: gnuplot is not installed")
        return charts
    for table in report["tables"]:
        rows = [row for row in of_table(report, table["name"])
                if row["status"] == "measured" and row["median"] > 0]
        if "chart" not in table or not rows:
            continue
        name = chart_name(report_name, table)
        subprocess.run(["gnuplot"], check=True,
                       input=chart_script(table, rows, f"{folder}/{name}").encode())
        charts[table["name"]] = name
    return charts
