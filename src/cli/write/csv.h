/* Values of CSV files as read/csv.h reads them. */
#ifndef REIN_CLI_WRITE_CSV_H
#define REIN_CLI_WRITE_CSV_H

#include <stdio.h>

/* Writes a value to a row that is separated by commas, in quotes if it needs them. */
void csv_print_value(FILE *stream, const char *value);

#endif
