#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "contract/version.h"
#include "output.h"

static void add(json_object *object, const char *key, json_object *value) {
    json_object_object_add(object, key, value);
}

static void add_text(json_object *object, const char *key, const char *text) {
    if (text != NULL && text[0] != '\0') {
        add(object, key, json_object_new_string(text));
    }
}

static void add_number(json_object *object, const char *key, double number) {
    if (isnan(number) || isinf(number)) {
        return;
    }
    bool is_whole = number == floor(number) && fabs(number) < 9e15;
    add(object, key,
        is_whole ? json_object_new_int64((int64_t)number) : json_object_new_double(number));
}

/* Decodes CUDA's versions: 13000 is 13.0. */
static void add_version(json_object *object, const char *key, uint64_t version) {
    char text[32];
    snprintf(text, sizeof text, "%llu.%llu", (unsigned long long)(version / 1000),
             (unsigned long long)(version % 1000 / 10));
    add_text(object, key, version == 0 ? NULL : text);
}

static void read_cpu(char *text, size_t capacity) {
    char line[256];
    text[0] = '\0';
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            colon[strcspn(colon, "\n")] = '\0';
            snprintf(text, capacity, "%s", colon + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void read_date(char *text, size_t capacity) {
    time_t now = time(NULL);
    struct tm date;
    text[0] = '\0';
    if (gmtime_r(&now, &date) != NULL) {
        strftime(text, capacity, "%Y-%m-%d", &date);
    }
}

static void read_load(char *text, size_t capacity) {
    FILE *file = fopen("/proc/loadavg", "re");
    text[0] = '\0';
    if (file == NULL) {
        return;
    }
    char line[64];
    double load[3];
    if (fgets(line, sizeof line, file) != NULL &&
        sscanf(line, "%lf %lf %lf", &load[0], &load[1], &load[2]) == 3) {
        snprintf(text, capacity, "%.2f %.2f %.2f", load[0], load[1], load[2]);
    }
    fclose(file);
}

static json_object *context(const bench *run) {
    json_object *object = json_object_new_object();
    char text[256];
    add_text(object, "part", "device");
    add_text(object, "rein", REIN_VERSION_STRING);
    add_text(object, "compiler", BENCH_COMPILER);
    add_text(object, "flags", BENCH_FLAGS);
    read_cpu(text, sizeof text);
    add_text(object, "cpu", text);
    add_number(object, "cores", (double)sysconf(_SC_NPROCESSORS_ONLN));
    add_version(object, "toolkit", run->runtime_version);
    add_version(object, "driver", run->driver_version);
    add_text(object, "device", run->profile.name);
    read_date(text, sizeof text);
    add_text(object, "date", text);
    read_load(text, sizeof text);
    add_text(object, "load", text);
    add_text(object, "mode", run->asked.is_quick ? "quick" : "full");
    snprintf(text, sizeof text, "%llu", (unsigned long long)run->asked.seed);
    add_text(object, "seed", text);
    return object;
}

static json_object *tables(const record *found) {
    json_object *array = json_object_new_array();
    for (size_t i = 0; i < found->table_count; i++) {
        const record_table *table = &found->tables[i];
        json_object *object = json_object_new_object();
        json_object *subjects = json_object_new_array();
        add_text(object, "name", table->name);
        add_text(object, "what", table->what);
        add_text(object, "limits", table->limits);
        for (size_t j = 0; j < RECORD_SUBJECTS_MAX && table->subjects[j] != NULL; j++) {
            json_object_array_add(subjects, json_object_new_string(table->subjects[j]));
        }
        add(object, "subjects", subjects);
        json_object_array_add(array, object);
    }
    return array;
}

static void add_measured(json_object *object, const record_row *row) {
    add_text(object, "unit", row->unit);
    add_number(object, "median", row->median);
    add_number(object, "low", row->low);
    add_number(object, "high", row->high);
    add_number(object, "p50", row->p50);
    add_number(object, "p99", row->p99);
    add_number(object, "p99_9", row->p99_9);
    add_number(object, "repetitions", (double)row->repetitions);
    if (row->counter_count > 0) {
        json_object *counters = json_object_new_object();
        for (size_t i = 0; i < row->counter_count; i++) {
            add_number(counters, row->counters[i].name, row->counters[i].value);
        }
        add(object, "counters", counters);
    }
}

static json_object *rows(const record *found) {
    json_object *array = json_object_new_array();
    for (size_t i = 0; i < found->row_count; i++) {
        const record_row *row = &found->rows[i];
        json_object *object = json_object_new_object();
        add_text(object, "table", row->table);
        add_text(object, "case", row->name);
        add_text(object, "subject", row->subject);
        add_text(object, "role", record_role_name(row->role));
        add_text(object, "status", record_status_name(row->status));
        if (row->status == RECORD_MEASURED) {
            add_measured(object, row);
        } else {
            add_text(object, "reason", row->reason);
        }
        json_object_array_add(array, object);
    }
    return array;
}

static json_object *goals(const record *found) {
    json_object *array = json_object_new_array();
    for (size_t i = 0; i < found->goal_count; i++) {
        const record_goal *goal = &found->goals[i];
        json_object *object = json_object_new_object();
        add_text(object, "table", goal->table);
        add_text(object, "what", goal->what);
        if (goal->verdict != GOAL_UNKNOWN) {
            add_number(object, "figure", goal->figure);
            add_text(object, "unit", goal->unit);
        }
        add(object, "met",
            goal->verdict == GOAL_UNKNOWN ? NULL
                                          : json_object_new_boolean(goal->verdict == GOAL_MET));
        add(object, "why", json_object_new_string(goal->why));
        json_object_array_add(array, object);
    }
    return array;
}

static bool print_error(const char *path) {
    fprintf(stderr, "bench_device: %s cannot be written: %s\n", path, strerror(errno));
    return false;
}

bool output_json_prepare(const char *path) {
    FILE *file = fopen(path, "a");
    return file != NULL && fclose(file) == 0 ? true : print_error(path);
}

static bool write_whole(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return print_error(path);
    }
    bool is_written = fputs(text, file) >= 0 && fputc('\n', file) != EOF;
    return fclose(file) == 0 && is_written ? true : print_error(path);
}

bool output_json(const bench *run, const char *path) {
    json_object *document = json_object_new_object();
    add_text(document, "format", "rein-bench/1");
    add(document, "context", context(run));
    add(document, "tables", tables(&run->found));
    add(document, "rows", rows(&run->found));
    add(document, "goals", goals(&run->found));
    bool is_written =
        write_whole(path, json_object_to_json_string_ext(
                              document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(document);
    return is_written;
}
