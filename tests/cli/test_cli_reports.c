/* Reports on cases that the command does not reach on every machine: a device with no known facts,
 * a reservation of several models, a time beyond the calendar. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/date.h"
#include "cli/probe/report.h"
#include "cli/read/profile.h"
#include "cli/status/report.h"
#include "cli/write/table.h"

static arena *memory;
static FILE *stream;
static char *text;
static size_t length;

static void set_up(void) {
    memory = arena_create();
    stream = open_memstream(&text, &length);
}

static void tear_down(void) {
    fclose(stream);
    free(text);
    arena_destroy(memory);
}

TestSuite(cli_reports, .init = set_up, .fini = tear_down);

static void assert_line(const char *expected) {
    fflush(stream);
    cr_assert(strstr(text, expected) != NULL, "no \"%s\" in:\n%s", expected, text);
}

Test(cli_reports, a_device_of_which_nothing_is_known) {
    const local_device device = {.pci_id = "",
                                 .profile = rein_device_profile_unknown(REIN_PROFILE_PROBED)};
    probe_write_text(memory, &device, stream);
    assert_line("  total memory       unknown\n");
    assert_line("  compute capability unknown\n");
    assert_line("  multiprocessors    unknown\n");
    assert_line("  stream priorities  unknown\n");
    assert_line("  memory pools       unknown\n");
    assert_line("  driver             unknown\n");
    assert_line("  probe took         0 us\n");
    assert_line("  uuid               unknown\n");
}

Test(cli_reports, an_apostrophe_in_a_name_is_read_back) {
    local_device device = {.profile = rein_device_profile_unknown(REIN_PROFILE_PROBED)};
    snprintf(device.profile.name, sizeof device.profile.name, "it's '");
    probe_write_profile(memory, &device, stream);
    assert_line("name: 'it''s '''\n");
    diagnostics sink = {.stream = stream, .memory = memory};
    input_file file;
    rein_device_profile read;
    cr_assert(input_file_from_text(&sink, "f", "a profile", text, length, &file) &&
                  profile_file_read_text(&sink, &file, &read),
              "not read: %s", text);
    cr_assert(strcmp(read.name, device.profile.name) == 0, "read as %s", read.name);
}

Test(cli_reports, a_time_beyond_the_calendar_is_unknown) {
    cr_assert(strcmp(date_text(memory, INT64_MAX), "unknown") == 0, "%s",
              date_text(memory, INT64_MAX));
}

static void print_columns(const char *first, const char *second, size_t columns) {
    static const char *const titles[] = {"A", "B"};
    table shown = {.column_count = 2, .indent = 2, .shortens_first_column = true};
    table_add_titles(memory, &shown, titles);
    table_row *row = table_add_row(memory, &shown);
    row->cells[0].text = first;
    row->cells[1].text = second;
    table_add_row(memory, &shown);
    const terminal shown_on = {.columns = columns, .glyphs = glyphs_ascii()};
    table_print(memory, &shown, &shown_on, stream);
    fflush(stream);
}

Test(cli_reports, the_first_column_of_a_table_gives_way) {
    print_columns("abcdefghijklmnop", "second", 24);
    cr_assert(strcmp(text, "  A               B\n  abcdef..klmnop  second\n\n") == 0, "%s", text);
}

Test(cli_reports, a_row_without_room_is_stacked) {
    print_columns("abcdefghijklmnop", "second", 17);
    cr_assert(strcmp(text, "  abcdefg..klmnop\n    B  second\n  \n") == 0, "%s", text);
}

Test(cli_reports, a_name_keeps_ten_columns_however_narrow_the_terminal) {
    print_columns("abcdefghijklmnop", "second", 3);
    cr_assert(strcmp(text, "  abcd..mnop\n    B  second\n  \n") == 0, "%s", text);
}

static void print_note(const char *note, size_t columns) {
    table shown = {.column_count = 2, .indent = 2, .ends_with_notes = true};
    table_row *row = table_add_row(memory, &shown);
    row->cells[0].text = "name";
    row->cells[1].text = note;
    const terminal shown_on = {.columns = columns, .glyphs = glyphs_ascii()};
    table_print(memory, &shown, &shown_on, stream);
    fflush(stream);
}

Test(cli_reports, a_note_without_room_stands_below) {
    print_note("a note", 14);
    print_note("a note", 13);
    print_note(NULL, 3);
    print_note("a note", 0);
    cr_assert(strcmp(text, "  name  a note\n  name\n    a note\n  name\n  name  a note\n") == 0,
              "%s", text);
}
