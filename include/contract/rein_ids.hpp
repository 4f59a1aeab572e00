/* Ids as keys in C++17: ==, != and std::hash for the types of contract/ids.h, and < for all except
 * rein_sequence_id, whose numbers have no order. The operators are in the global namespace, as the
 * types are, so that argument-dependent lookup finds them. */
#ifndef REIN_CONTRACT_REIN_IDS_HPP
#define REIN_CONTRACT_REIN_IDS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>

#include "contract/ids.h"

/* Compares as rein_model_id_equal and rein_model_id_compare do. */
inline bool operator==(const rein_model_id &left, const rein_model_id &right) noexcept {
    return rein_model_id_equal(&left, &right);
}
inline bool operator!=(const rein_model_id &left, const rein_model_id &right) noexcept {
    return !(left == right);
}
inline bool operator<(const rein_model_id &left, const rein_model_id &right) noexcept {
    return rein_model_id_compare(&left, &right) < 0;
}

/* Compares as rein_request_id_equal and rein_request_id_compare do. */
inline bool operator==(const rein_request_id &left, const rein_request_id &right) noexcept {
    return rein_request_id_equal(&left, &right);
}
inline bool operator!=(const rein_request_id &left, const rein_request_id &right) noexcept {
    return !(left == right);
}
inline bool operator<(const rein_request_id &left, const rein_request_id &right) noexcept {
    return rein_request_id_compare(&left, &right) < 0;
}

/* Compares as rein_tensor_id_equal and rein_tensor_id_compare do. */
inline bool operator==(rein_tensor_id left, rein_tensor_id right) noexcept {
    return rein_tensor_id_equal(left, right);
}
inline bool operator!=(rein_tensor_id left, rein_tensor_id right) noexcept {
    return !(left == right);
}
inline bool operator<(rein_tensor_id left, rein_tensor_id right) noexcept {
    return rein_tensor_id_compare(left, right) < 0;
}

/* Compares as rein_sequence_id_equal does. */
inline bool operator==(rein_sequence_id left, rein_sequence_id right) noexcept {
    return rein_sequence_id_equal(left, right);
}
inline bool operator!=(rein_sequence_id left, rein_sequence_id right) noexcept {
    return !(left == right);
}

namespace std {

/* As rein_model_id_hash. */
template <> struct hash<rein_model_id> {
    /* Returns the hash of the id. */
    size_t operator()(const rein_model_id &id) const noexcept {
        return static_cast<size_t>(rein_model_id_hash(&id));
    }
};

/* As rein_request_id_hash. */
template <> struct hash<rein_request_id> {
    /* Returns the hash of the id. */
    size_t operator()(const rein_request_id &id) const noexcept {
        return static_cast<size_t>(rein_request_id_hash(&id));
    }
};

/* As rein_tensor_id_hash. */
template <> struct hash<rein_tensor_id> {
    /* Returns the hash of the id. */
    size_t operator()(rein_tensor_id id) const noexcept {
        return static_cast<size_t>(rein_tensor_id_hash(id));
    }
};

/* The hash of a sequence id is that of its number. */
template <> struct hash<rein_sequence_id> {
    /* Returns the hash of the id. */
    size_t operator()(rein_sequence_id id) const noexcept {
        return hash<std::uint64_t>()(id.value);
    }
};

} // namespace std

#endif
