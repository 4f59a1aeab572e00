/* The file of a reservation. A record that is read is written as the same bytes. A record made of
 * valid parts is read as it was written. */
#include <string.h>

#include "fuzz.h"
#include "host/node/reservation_record.h"

static char text[RECORD_TEXT_CAPACITY];
static char again[RECORD_TEXT_CAPACITY];

static void read_as_text(const uint8_t *data, size_t size) {
    static rein_reservation_record record;
    if (size >= sizeof text) {
        return;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (!rein_i_reservation_record_read(text, size, &record)) {
        return;
    }
    require(rein_i_reservation_record_validate(&record).is_ok, "a record is valid");
    require(record.model_count >= 1 && record.model_count <= REIN_RESERVATION_MODELS_MAX,
            "a record has models");
    for (size_t i = 0; i < record.model_count; i++) {
        require(rein_resource_budget_is_valid(&record.models[i].budget), "a budget is valid");
        require(rein_model_id_make(record.models[i].id.text).is_ok, "an id is valid");
    }
    require(rein_i_reservation_record_write(&record, again) == size &&
                memcmp(again, data, size) == 0,
            "a record has one text");
}

/* Chooses a text of letters, or of any characters that an id may contain. */
static void choose_name(choices *from, char *out_text, size_t capacity) {
    size_t length = 1 + choose_below(from, (unsigned)capacity - 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = choose_byte(from);
        out_text[i] = byte > 0x20 && byte < 0x7F ? (char)byte : ' ';
    }
    out_text[length] = '\0';
}

static void write_and_read(choices *from) {
    static rein_reservation_record record;
    static rein_reservation_record read;
    memset(&record, 0, sizeof record);
    strcpy(record.device_uuid, "GPU-0");
    record.bytes = choose_number(from);
    record.process_count = choose_number(from) | 1;
    record.pid = (int64_t)(choose_number(from) >> 1 | 1);
    record.uid = choose_number(from);
    record.since_unix_s = (int64_t)(choose_number(from) % (1ULL << 38)) - (1LL << 35);
    record.device_total_bytes = choose_number(from) % 2 == 0
                                    ? rein_fact_u64_unknown()
                                    : rein_fact_u64_known(choose_number(from));
    choose_name(from, record.holder, sizeof record.holder);
    record.model_count = 1 + choose_below(from, REIN_RESERVATION_MODELS_MAX);
    for (size_t i = 0; i < record.model_count; i++) {
        rein_reserved_model *model = &record.models[i];
        choose_name(from, model->id.text, sizeof model->id.text);
        model->budget.memory_limit_bytes = choose_number(from) | 1;
        model->budget.stream_limit = (int32_t)(choose_number(from) % INT32_MAX) + 1;
        model->budget.compute_budget.ns = (int64_t)(choose_number(from) >> 1 | 1);
    }
    size_t length = rein_i_reservation_record_write(&record, text);
    require(length < RECORD_TEXT_CAPACITY, "every record fits");
    require(rein_i_reservation_record_read(text, length, &read), "the output can be read");
    require(memcmp(&record, &read, sizeof record) == 0, "and is the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as_text(data, size);
    choices from = {data, size};
    write_and_read(&from);
    return 0;
}
