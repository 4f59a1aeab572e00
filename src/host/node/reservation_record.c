#include "host/node/reservation_record.h"

#include <stdlib.h>
#include <string.h>

#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "host/contract/name.h"

static void append_number(text_writer *writer, const char *key, uint64_t number) {
    rein_i_text_writer_append(writer, key);
    rein_i_text_writer_append_unsigned(writer, number);
}

static const char unknown_total[] = "\ntotal unknown";

static void append_total(text_writer *writer, rein_fact_u64 total) {
    if (total.is_known) {
        append_number(writer, "\ntotal ", total.value);
    } else {
        rein_i_text_writer_append(writer, unknown_total);
    }
}

static void append_model(text_writer *writer, const rein_reserved_model *model) {
    append_number(writer, "model ", model->budget.memory_limit_bytes);
    append_number(writer, " ", (uint64_t)model->budget.stream_limit);
    append_number(writer, " ", (uint64_t)model->budget.compute_budget.ns);
    rein_i_text_writer_append(writer, " ");
    rein_i_text_writer_append(writer, rein_model_id_text(&model->id));
    rein_i_text_writer_append(writer, "\n");
}

size_t rein_i_reservation_record_write(const rein_reservation_record *record,
                                       char out_text[RECORD_TEXT_CAPACITY]) {
    text_writer writer = rein_i_text_writer_make(out_text, RECORD_TEXT_CAPACITY);
    rein_i_text_writer_append(&writer, "rein-reservation 2\ndevice ");
    rein_i_text_writer_append(&writer, record->device_uuid);
    append_total(&writer, record->device_total_bytes);
    append_number(&writer, "\nbytes ", record->bytes);
    append_number(&writer, "\nprocesses ", record->process_count);
    append_number(&writer, "\npid ", (uint64_t)record->pid);
    append_number(&writer, "\nuid ", record->uid);
    rein_i_text_writer_append(&writer, "\nsince ");
    rein_i_text_writer_append_signed(&writer, record->since_unix_s);
    rein_i_text_writer_append(&writer, "\nholder ");
    rein_i_text_writer_append(&writer, record->holder);
    rein_i_text_writer_append(&writer, "\n");
    for (size_t index = 0; index < record->model_count; index++) {
        append_model(&writer, &record->models[index]);
    }
    rein_i_text_writer_append(&writer, "end\n");
    return writer.length;
}

/* The unread text, or NULL after the first mismatch. */
typedef struct record_reader {
    const char *rest;
} record_reader;

static void skip(record_reader *reader, const char *expected) {
    size_t length = strlen(expected);
    bool is_there = reader->rest != NULL && strncmp(reader->rest, expected, length) == 0;
    reader->rest = is_there ? reader->rest + length : NULL;
}

/* Reads a number. Rewriting the record detects wrong digits, signs and overflow. */
static uint64_t take_number(record_reader *reader, const char *key) {
    skip(reader, key);
    if (reader->rest == NULL) {
        return 0;
    }
    char *end = NULL;
    uint64_t number = strtoull(reader->rest, &end, 10);
    reader->rest = end;
    return number;
}

static int64_t take_signed(record_reader *reader, const char *key) {
    skip(reader, key);
    if (reader->rest == NULL) {
        return 0;
    }
    char *end = NULL;
    int64_t number = strtoll(reader->rest, &end, 10);
    reader->rest = end;
    return number;
}

static rein_fact_u64 take_total(record_reader *reader) {
    size_t length = sizeof unknown_total - 1;
    if (reader->rest != NULL && strncmp(reader->rest, unknown_total, length) == 0) {
        reader->rest += length;
        return rein_fact_u64_unknown();
    }
    return rein_fact_u64_known(take_number(reader, "\ntotal "));
}

static void take_line(record_reader *reader, const char *key, char *out_text, size_t capacity) {
    skip(reader, key);
    const char *end = reader->rest == NULL ? NULL : strchr(reader->rest, '\n');
    size_t length = end == NULL ? 0 : (size_t)(end - reader->rest);
    if (end == NULL || length >= capacity) {
        reader->rest = NULL;
        return;
    }
    memcpy(out_text, reader->rest, length);
    reader->rest = end;
}

static void take_model(record_reader *reader, rein_reserved_model *out_model) {
    out_model->budget.memory_limit_bytes = take_number(reader, "model ");
    uint64_t streams = take_number(reader, " ");
    out_model->budget.stream_limit = streams > INT32_MAX ? 0 : (int32_t)streams;
    out_model->budget.compute_budget.ns = (int64_t)take_number(reader, " ");
    take_line(reader, " ", out_model->id.text, sizeof out_model->id.text);
    skip(reader, "\n");
}

static bool is_normal_uuid(const char *uuid) {
    char normal[REIN_DEVICE_UUID_CAPACITY];
    return rein_result_void_is_ok(rein_device_uuid_normalize(uuid, normal)) &&
           strcmp(uuid, normal) == 0;
}

static rein_result_void validate_model(const rein_reserved_model *model, size_t index) {
    if (rein_result_void_is_error(rein_i_name_validate(model->id.text))) {
        return rein_i_invalid(REIN_HERE,
                              "the id of model {u} is not valid; create it with rein_model_id_make",
                              index, 0, 0);
    }
    return rein_resource_budget_validate(&model->budget);
}

/* Returns whether the year is 0 to 9999, the range of RFC 3339. */
static bool is_date(int64_t unix_s) {
    return unix_s >= INT64_C(-62167219200) && unix_s <= INT64_C(253402300799);
}

rein_result_void rein_i_reservation_record_validate(const rein_reservation_record *record) {
    if (!is_normal_uuid(record->device_uuid) || record->pid <= 0) {
        return rein_i_invalid(REIN_HERE,
                              "the device's UUID or the process id of the reservation is not valid",
                              0, 0, 0);
    }
    if (record->process_count == 0) {
        return rein_i_invalid(REIN_HERE, "process_count is 0" MUST_BE_POSITIVE, 0, 0, 0);
    }
    if (record->model_count == 0) {
        return rein_i_invalid(REIN_HERE, "model_count is {i}" MUST_BE_FROM_1_TO, 0,
                              REIN_RESERVATION_MODELS_MAX, 0);
    }
    if (!is_date(record->since_unix_s)) {
        return rein_i_invalid(
            REIN_HERE, "the system's clock is {i} s from 1970, outside the years 0 to 9999; set it",
            (uint64_t)record->since_unix_s, 0, 0);
    }
    rein_result_void named = rein_i_name_validate(record->holder);
    for (size_t index = 0; index < record->model_count && rein_result_void_is_ok(named); index++) {
        named = validate_model(&record->models[index], index);
    }
    return named;
}

static void take_head(record_reader *reader, rein_reservation_record *out_record) {
    take_line(reader, "rein-reservation 2\ndevice ", out_record->device_uuid,
              sizeof out_record->device_uuid);
    out_record->device_total_bytes = take_total(reader);
    out_record->bytes = take_number(reader, "\nbytes ");
    out_record->process_count = take_number(reader, "\nprocesses ");
    out_record->pid = (int64_t)take_number(reader, "\npid ");
    out_record->uid = take_number(reader, "\nuid ");
    out_record->since_unix_s = take_signed(reader, "\nsince ");
    take_line(reader, "\nholder ", out_record->holder, sizeof out_record->holder);
    skip(reader, "\n");
}

bool rein_i_reservation_record_read(const char *text, size_t length,
                                    rein_reservation_record *out_record) {
    memset(out_record, 0, sizeof *out_record);
    record_reader reader = {.rest = text};
    take_head(&reader, out_record);
    while (reader.rest != NULL && *reader.rest == 'm' &&
           out_record->model_count < REIN_RESERVATION_MODELS_MAX) {
        take_model(&reader, &out_record->models[out_record->model_count]);
        out_record->model_count++;
    }
    skip(&reader, "end\n");
    if (reader.rest == NULL ||
        rein_result_void_is_error(rein_i_reservation_record_validate(out_record))) {
        return false;
    }
    char again[RECORD_TEXT_CAPACITY];
    return rein_i_reservation_record_write(out_record, again) == length &&
           memcmp(text, again, length) == 0;
}
