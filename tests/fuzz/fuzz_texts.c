/* Sizes, times, numbers, dates and ids as texts. A size must match an independent reading of the
 * text, and is never accepted without a unit. A text that can be read is printed as a text that
 * reads as the same. The first byte chooses the reader. */
#include <string.h>

#include "cli/base/date.h"
#include "cli/base/numbers.h"
#include "contract/ids.h"
#include "contract/units.h"
#include "fuzz.h"

enum { TEXT_MOST = 200 };

__extension__ typedef unsigned __int128 wide;

typedef struct named_unit {
    const char *suffix;
    uint64_t size;
} named_unit;

static const named_unit sizes[] = {{"B", 1},
                                   {"KiB", UINT64_C(1) << 10},
                                   {"MiB", UINT64_C(1) << 20},
                                   {"GiB", UINT64_C(1) << 30},
                                   {"TiB", UINT64_C(1) << 40},
                                   {NULL, 0}};
static const named_unit times[] = {{"ns", 1},
                                   {"us", 1000},
                                   {"ms", 1000000},
                                   {"s", 1000000000},
                                   {"min", UINT64_C(60000000000)},
                                   {"h", UINT64_C(3600000000000)},
                                   {NULL, 0}};

/* Multiplies a decimal number by `size`, digit by digit as on paper. The last `fraction` digits
 * follow the point. Returns false if the product is not whole or is more than `most`. */
static bool multiply_by_hand(const char *digits, size_t count, size_t fraction, uint64_t size,
                             uint64_t most, uint64_t *out_product) {
    unsigned char product[TEXT_MOST + 32] = {0}; /* the last digit first */
    wide carried = 0;
    for (size_t i = 0; i < sizeof product; i++) {
        carried += i < count ? (wide)(digits[count - 1 - i] - '0') * size : 0;
        product[i] = (unsigned char)(carried % 10);
        carried /= 10;
    }
    wide whole = 0;
    for (size_t i = sizeof product; i > fraction && whole <= most; i--) {
        whole = whole * 10 + product[i - 1];
    }
    for (size_t i = 0; i < fraction; i++) {
        whole = product[i] == 0 ? whole : (wide)most + 1;
    }
    *out_product = whole <= most ? (uint64_t)whole : 0;
    return whole <= most;
}

/* Returns false if the text is not a quantity or is more than `most`. */
static bool read_reference(const char *text, const named_unit *units, uint64_t most,
                           uint64_t *out_quantity) {
    char digits[TEXT_MOST + 1];
    size_t whole = strspn(text, "0123456789");
    memcpy(digits, text, whole);
    const char *rest = text + whole;
    size_t fraction = 0;
    if (*rest == '.') {
        fraction = strspn(rest + 1, "0123456789");
        memcpy(digits + whole, rest + 1, fraction);
        rest += fraction == 0 ? 0 : fraction + 1;
    }
    rest += *rest == ' ' ? 1 : 0;
    for (; whole > 0 && units->suffix != NULL; units++) {
        if (strcmp(rest, units->suffix) == 0) {
            return multiply_by_hand(digits, whole + fraction, fraction, units->size, most,
                                    out_quantity);
        }
    }
    return false;
}

static void read_bytes_text(const char *text) {
    uint64_t expected = 0;
    bool is_size = read_reference(text, sizes, UINT64_MAX, &expected);
    rein_result_bytes read = rein_bytes_parse(text);
    require(read.is_ok == is_size, "a size is read if it is one");
    if (is_size) {
        char printed[64];
        require(REIN_VALUE(read) == expected, "a size is read with its unit");
        size_t length = rein_bytes_to_string(expected, printed, sizeof printed);
        require(length == strlen(printed), "the length of a printed size");
        rein_result_bytes again = rein_bytes_parse(printed);
        require(again.is_ok && REIN_VALUE(again) == expected, "a printed size reads as the same");
        rein_bytes_to_rounded_string(expected, printed, sizeof printed);
    }
}

static void read_duration_text(const char *text) {
    uint64_t expected = 0;
    bool is_time = read_reference(text, times, INT64_MAX, &expected);
    rein_result_duration read = rein_duration_parse(text);
    require(read.is_ok == is_time, "a time is read if it is one");
    if (is_time) {
        char printed[64];
        require(REIN_VALUE(read).ns == (int64_t)expected, "a time is read with its unit");
        rein_duration_to_string(REIN_VALUE(read), printed, sizeof printed);
        rein_result_duration again = rein_duration_parse(printed);
        require(again.is_ok && REIN_VALUE(again).ns == (int64_t)expected,
                "a printed time reads as the same");
    }
}

static void read_number_text(const char *text) {
    uint64_t number = 0;
    int64_t signed_number = 0;
    char printed[32];
    if (parse_unsigned(text, UINT64_MAX, &number)) {
        snprintf(printed, sizeof printed, "%llu", (unsigned long long)number);
        require(strcmp(printed, text) == 0, "a number has one text");
    }
    if (parse_signed(text, &signed_number)) {
        snprintf(printed, sizeof printed, "%lld", (long long)signed_number);
        require(strcmp(printed, text) == 0, "a number with a sign has one text");
    }
}

static void read_model_id(const char *text) {
    rein_result_model_id read = rein_model_id_make(text);
    if (read.is_ok) {
        rein_model_id id = REIN_VALUE(read);
        require(strcmp(rein_model_id_text(&id), text) == 0, "an id is its text");
        require(text[0] != '\0' && strlen(text) <= REIN_NAME_MAX_BYTES, "an id has its bounds");
        for (const char *at = text; *at != '\0'; at++) {
            require((unsigned char)*at >= 0x20 && *at != 0x7F, "an id has no control character");
        }
    }
}

static void read_request_id(const char *text) {
    rein_result_request_id read = rein_request_id_parse(text);
    if (read.is_ok) {
        char printed[REIN_REQUEST_ID_TEXT_CAPACITY];
        rein_request_id id = REIN_VALUE(read);
        rein_request_id_format(&id, printed);
        rein_result_request_id again = rein_request_id_parse(printed);
        require(again.is_ok && rein_request_id_equal(&id, &REIN_VALUE(again)),
                "a printed request id reads as the same");
        for (size_t i = 0; text[i] != '\0'; i++) {
            char lower = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] + 32) : text[i];
            require(lower == printed[i], "a request id is printed as it was, in lower case");
        }
    }
}

static void read_date(const char *text) {
    int64_t unix_s = 0;
    int64_t again_s = 0;
    if (date_parse(text, &unix_s)) {
        arena *memory = arena_create();
        const char *printed = date_text(memory, unix_s);
        require(strncmp(printed, text, strlen(text)) == 0, "a date is printed as it was");
        require(date_parse(printed, &again_s) && again_s == unix_s,
                "a printed date reads as the same");
        arena_destroy(memory);
    }
}

static void (*const readers[])(const char *text) = {read_bytes_text,  read_duration_text,
                                                    read_number_text, read_model_id,
                                                    read_request_id,  read_date};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[TEXT_MOST + 1] = {0};
    if (size == 0 || size > TEXT_MOST) {
        return 0;
    }
    memcpy(text, data + 1, size - 1);
    readers[data[0] % (sizeof readers / sizeof readers[0])](text);
    return 0;
}
