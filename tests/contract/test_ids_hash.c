#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "contract/ids.h"

static rein_model_id model_id(const char *text) {
    return REIN_UNWRAP(rein_model_id_make(text));
}

enum { TABLE_SLOTS = 4096 };

/* Open addressing on the low bits of the hash; the length of the longest probe. */
static size_t fill_table(uint64_t (*hash_of)(int key), int count) {
    static int slots[TABLE_SLOTS];
    memset(slots, 0, sizeof slots);
    size_t longest = 0;
    for (int key = 1; key <= count; key++) {
        size_t probes = 0;
        size_t slot = (size_t)(hash_of(key) % TABLE_SLOTS);
        while (slots[slot] != 0) {
            slot = (slot + 1) % TABLE_SLOTS;
            probes++;
        }
        slots[slot] = key;
        longest = probes > longest ? probes : longest;
    }
    return longest;
}

static rein_model_id numbered_model(int key) {
    char text[32];
    snprintf(text, sizeof text, "model-%d", key);
    return model_id(text);
}

static uint64_t hash_of_model(int key) {
    rein_model_id id = numbered_model(key);
    return rein_model_id_hash(&id);
}

static uint64_t hash_of_tensor(int key) {
    return rein_tensor_id_hash(rein_tensor_id_make((uint64_t)key * TABLE_SLOTS));
}

static uint64_t hash_of_request(int key) {
    rein_request_id id = {{0}};
    memcpy(id.bytes + 12, &key, sizeof key);
    return rein_request_id_hash(&id);
}

/* No function here makes such an id; its bytes may come from anywhere. */
Test(ids, hash_of_an_unterminated_text_stops_at_the_end_of_the_id) {
    struct {
        rein_model_id id;
        char behind[16];
    } in[2];
    memset(in, 'x', sizeof in);
    in[1].behind[15] = 'y';
    uint64_t hash = rein_model_id_hash(&in[0].id);
    cr_assert(hash == rein_model_id_hash(&in[1].id), "bytes after the id do not count");
    in[1].id.text[sizeof in[1].id.text - 1] = 'y';
    cr_assert(hash != rein_model_id_hash(&in[1].id), "its last byte does");
}

Test(ids, hashes_spread_over_a_small_table) {
    size_t models = fill_table(hash_of_model, TABLE_SLOTS / 2);
    size_t tensors = fill_table(hash_of_tensor, TABLE_SLOTS / 2);
    size_t requests = fill_table(hash_of_request, TABLE_SLOTS / 2);
    cr_assert(models < 64 && tensors < 64 && requests < 64,
              "longest probes in a half-full table: %zu, %zu, %zu", models, tensors, requests);
}

static uint64_t inverse_of(uint64_t odd) {
    uint64_t inverse = odd;
    for (int doublings = 0; doublings < 5; doublings++) {
        inverse *= 2 - odd * inverse;
    }
    return inverse;
}

/* The hash of a block multiplies its words, each combined with its key. For the words below, the
 * lower half of the product is all ones, so only the upper half differs. */
Test(request_id, hash_tells_ids_apart_by_the_upper_half_of_a_product) {
    const uint64_t key = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t before = 0;
    for (uint64_t number = 1; number < 1000; number++) {
        uint64_t odd = number << 50 | 1;
        uint64_t words[2] = {odd ^ key, (0 - inverse_of(odd)) ^ (2 * key)};
        rein_request_id id;
        memcpy(id.bytes, words, sizeof id.bytes);
        uint64_t hash = rein_request_id_hash(&id);
        cr_assert(hash != before, "id %zu hashes as the one before", (size_t)number);
        before = hash;
    }
}

static void *find(const rein_model_id *keys, const char **values, const char *text) {
    rein_model_id wanted = model_id(text);
    size_t slot = (size_t)(rein_model_id_hash(&wanted) % 8);
    while (values[slot] != NULL) {
        if (rein_model_id_equal(&keys[slot], &wanted)) {
            return (void *)(uintptr_t)values[slot];
        }
        slot = (slot + 1) % 8;
    }
    return NULL;
}

Test(model_id, is_the_key_of_a_hash_table) {
    static const char *const texts[] = {"resnet50", "vgg19", "alexnet", "squeezenet"};
    rein_model_id keys[8] = {{{0}}};
    const char *values[8] = {NULL};
    for (size_t index = 0; index < 4; index++) {
        rein_model_id key = model_id(texts[index]);
        size_t slot = (size_t)(rein_model_id_hash(&key) % 8);
        while (values[slot] != NULL) {
            slot = (slot + 1) % 8;
        }
        keys[slot] = key;
        values[slot] = texts[index];
    }
    for (size_t index = 0; index < 4; index++) {
        cr_assert(find(keys, values, texts[index]) == texts[index], "%s is found", texts[index]);
    }
    cr_assert(find(keys, values, "resnet5") == NULL && find(keys, values, "vgg190") == NULL,
              "an id that was not added is not found");
}

/* How often flipping a bit of the input changed each bit of the hash. */
typedef struct avalanche {
    uint64_t flips;
    uint64_t changed_bits;
    uint64_t changes[64];
} avalanche;

static void count_changes(avalanche *counts, uint64_t before, uint64_t after) {
    uint64_t changed = before ^ after;
    counts->flips++;
    for (int bit = 0; bit < 64; bit++) {
        counts->changes[bit] += changed >> bit & 1;
        counts->changed_bits += changed >> bit & 1;
    }
}

static void expect_avalanche(const avalanche *counts, const char *what) {
    double mean = (double)counts->changed_bits / (double)counts->flips;
    cr_assert(mean > 31.5 && mean < 32.5, "%s: %.3f bits change, expected about 32", what, mean);
    for (int bit = 0; bit < 64; bit++) {
        double share = (double)counts->changes[bit] / (double)counts->flips;
        cr_assert(share > 0.4 && share < 0.6, "%s: bit %d changes in %.3f of the flips", what, bit,
                  share);
    }
}

/* Flips a bit of one byte at a time, at each length, between texts that stay valid. */
Test(model_id, hash_depends_on_every_byte) {
    avalanche counts = {.flips = 0};
    for (size_t length = 1; length <= 127; length += 2) {
        char text[128];
        memset(text, 'b', length);
        text[length] = '\0';
        rein_model_id id = model_id(text);
        uint64_t hash = rein_model_id_hash(&id);
        for (size_t byte = 0; byte < length; byte++) {
            for (int bit = 0; bit < 5; bit++) {
                text[byte] = (char)('b' ^ (1 << bit));
                id = model_id(text);
                cr_assert(rein_model_id_hash(&id) != hash, "byte %zu of %zu", byte, length);
                count_changes(&counts, hash, rein_model_id_hash(&id));
            }
            text[byte] = 'b';
        }
    }
    expect_avalanche(&counts, "model id");
}

Test(model_id, hashes_of_repetitions_differ) {
    uint64_t hashes[127];
    char text[128] = "";
    for (size_t length = 1; length <= 127; length++) {
        text[length - 1] = 'a';
        text[length] = '\0';
        rein_model_id id = model_id(text);
        hashes[length - 1] = rein_model_id_hash(&id);
        for (size_t other = 0; other + 1 < length; other++) {
            cr_assert(hashes[other] != hashes[length - 1], "%zu and %zu times the same letter",
                      other + 1, length);
        }
    }
}

Test(request_id, hash_depends_on_every_bit) {
    avalanche counts = {.flips = 0};
    for (int round = 0; round < 64; round++) {
        rein_request_id id = {{0}};
        memset(id.bytes, round * 5, sizeof id.bytes);
        uint64_t hash = rein_request_id_hash(&id);
        for (size_t bit = 0; bit < 128; bit++) {
            rein_request_id flipped = id;
            flipped.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
            count_changes(&counts, hash, rein_request_id_hash(&flipped));
        }
    }
    expect_avalanche(&counts, "request id");
}

Test(tensor_id, hash_depends_on_every_bit) {
    avalanche counts = {.flips = 0};
    for (uint64_t value = 0; value < 256; value++) {
        uint64_t hash = rein_tensor_id_hash(rein_tensor_id_make(value));
        for (int bit = 0; bit < 64; bit++) {
            uint64_t flipped = value ^ UINT64_C(1) << bit;
            count_changes(&counts, hash, rein_tensor_id_hash(rein_tensor_id_make(flipped)));
        }
    }
    expect_avalanche(&counts, "tensor id");
}

/* The same id twice, with different bytes after it. */
Test(ids, hashes_do_not_depend_on_bytes_after_the_id) {
    struct {
        rein_request_id id;
        uint8_t behind[512];
    } requests[2];
    struct {
        rein_model_id id;
        uint8_t behind[512];
    } models[2];
    char text[128];
    memset(text, 't', 127);
    text[127] = '\0';
    for (int index = 0; index < 2; index++) {
        memset(&requests[index], 0x11 * (index + 1), sizeof requests[index]);
        memset(&models[index], 0x11 * (index + 1), sizeof models[index]);
        memset(&requests[index].id, 0x77, sizeof requests[index].id);
        models[index].id = model_id(text);
    }
    cr_assert(rein_request_id_hash(&requests[0].id) == rein_request_id_hash(&requests[1].id),
              "request ids");
    cr_assert(rein_model_id_hash(&models[0].id) == rein_model_id_hash(&models[1].id), "model ids");
}

/* By every compiler, on every machine. A hash that is changed on purpose changes this record. */
Test(ids, hashes_are_as_on_record) {
    static const struct {
        size_t length;
        uint64_t hash;
    } records[] = {{1, UINT64_C(0x530e4a3c2dc6374a)},  {14, UINT64_C(0x335fd88cca3e779a)},
                   {15, UINT64_C(0x2247b6ea526daff8)}, {16, UINT64_C(0x1c6af9a6aebaa233)},
                   {31, UINT64_C(0x51300a5eb6b2825d)}, {32, UINT64_C(0x9c9835cf9960a794)},
                   {127, UINT64_C(0xf5619ff7bdd9e18f)}};
    char text[] = "abcdefghijklmnopqrstuvwxyz-0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                  "zyxwvutsrqponmlkjihgfedcba-9876543210_ZYXWVUTSRQPONMLKJIHGFEDCBA";
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        char cut[sizeof text];
        snprintf(cut, sizeof cut, "%.*s", (int)records[i].length, text);
        rein_model_id id = model_id(cut);
        uint64_t hash = rein_model_id_hash(&id);
        cr_assert(hash == records[i].hash, "%zu: %llx", records[i].length,
                  (unsigned long long)hash);
    }
    rein_request_id request;
    for (uint8_t i = 0; i < sizeof request.bytes; i++) {
        request.bytes[i] = (uint8_t)(17 * i);
    }
    uint64_t hash = rein_request_id_hash(&request);
    cr_assert(hash == UINT64_C(0x73899917037864bd), "request: %llx", (unsigned long long)hash);
}

/* The published first number of SplitMix64 with the seed 0. */
Test(ids, hashes_of_tensors_are_splitmix64s_numbers) {
    uint64_t hash = rein_tensor_id_hash(rein_tensor_id_make(0));
    cr_assert(hash == UINT64_C(0xE220A8397B1DCDAF), "%llx", (unsigned long long)hash);
}
