// Model ids compared with std::string, hashed by std::hash and by xxHash, and all as keys of a
// std::unordered_map.
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/ids.h"
#include "host/subject.h"
#include "host/topics.h"

#ifdef REIN_BENCH_XXHASH
#include <xxhash.h>
#endif

namespace {

struct id_hash {
    std::size_t operator()(const rein_model_id &id) const {
        return rein_model_id_hash(&id);
    }
};

struct id_equal {
    bool operator()(const rein_model_id &left, const rein_model_id &right) const {
        return rein_model_id_equal(&left, &right);
    }
};

#ifdef REIN_BENCH_XXHASH
struct xx_hash {
    std::size_t operator()(const std::string &text) const {
        return XXH3_64bits(text.data(), text.size());
    }
};
const char *const xxhash_missing = nullptr;
#else
using xx_hash = std::hash<std::string>; // never run
const char *const xxhash_missing = "xxHash is not installed";
#endif

// Keys, equal keys at other addresses, and a table of the first.
template <class Key, class Hash, class Equal = std::equal_to<Key>> struct key_set {
    std::vector<Key> keys;
    std::vector<Key> copies;
    std::unordered_map<Key, uint64_t, Hash, Equal> table;

    void add(const Key &key) {
        table.emplace(key, keys.size());
        keys.push_back(key);
        copies.push_back(key);
    }
};

using id_keys = key_set<rein_model_id, id_hash, id_equal>;
using std_keys = key_set<std::string, std::hash<std::string>>;
using xx_keys = key_set<std::string, xx_hash>;

id_keys ids_of[ID_LENGTH_COUNT];
std_keys strings_of[ID_LENGTH_COUNT];
xx_keys xx_strings_of[ID_LENGTH_COUNT];

void fill_sets(int length) {
    for (const rein_model_id &id : bench_id_sets[length].ids) {
        ids_of[length].add(id);
        strings_of[length].add(rein_model_id_text(&id));
        xx_strings_of[length].add(rein_model_id_text(&id));
    }
}

uint64_t run_equal(void *context, uint64_t count) {
    const auto &set = *static_cast<const std_keys *>(context);
    uint64_t equal = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = id_place(i);
        equal += set.keys[at] == set.copies[at];
    }
    return equal;
}

template <class Keys, class Hash> uint64_t run_hash(void *context, uint64_t count) {
    const auto &set = *static_cast<const Keys *>(context);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        sum += Hash()(set.keys[id_place(i)]);
    }
    return sum;
}

template <class Keys> uint64_t run_lookup(void *context, uint64_t count) {
    const auto &set = *static_cast<const Keys *>(context);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        sum += set.table.find(set.copies[id_place(i)])->second;
    }
    return sum;
}

void add(const char *table, int length, const char *subject, bench_role role, bench_operation run,
         void *context, const char *waived_because = nullptr) {
    bench_subject made{};
    made.table = table;
    made.case_name = bench_id_lengths[length];
    made.subject = subject;
    made.role = role;
    made.run = waived_because == nullptr ? run : nullptr;
    made.waived_because = waived_because;
    made.context = context;
    made.batch = ID_BATCH;
    made.counts_instructions = true;
    bench_add(&made);
}

} // namespace

void bench_add_id_peers(void) {
    for (int i = 0; i < ID_LENGTH_COUNT; i++) {
        fill_sets(i);
        add(ID_EQUALITY_TABLE, i, "std::string", BENCH_PEER, run_equal, &strings_of[i]);
        add(ID_HASH_TABLE, i, "std::string, std::hash", BENCH_PEER,
            run_hash<std_keys, std::hash<std::string>>, &strings_of[i]);
        add(ID_HASH_TABLE, i, "std::string, xxHash", BENCH_PEER, run_hash<xx_keys, xx_hash>,
            &xx_strings_of[i], xxhash_missing);
        add(ID_LOOKUP_TABLE, i, "rein", BENCH_OURS, run_lookup<id_keys>, &ids_of[i]);
        add(ID_LOOKUP_TABLE, i, "std::string, std::hash", BENCH_PEER, run_lookup<std_keys>,
            &strings_of[i]);
        add(ID_LOOKUP_TABLE, i, "std::string, xxHash", BENCH_PEER, run_lookup<xx_keys>,
            &xx_strings_of[i], xxhash_missing);
    }
}
