/* RAII owners for plain values of C that must be released. */
#ifndef REIN_CONTRACT_REIN_OWNED_HPP
#define REIN_CONTRACT_REIN_OWNED_HPP

#include <utility>

namespace rein {

/* The unique owner of a plain value of C. Calls `give_back` when it is destroyed. Can be moved, but
 * not copied; is empty after a move. One thread at a time. */
template <class T, void (*give_back)(T *)> class owned {
    T held_{};
    bool is_empty_ = true;

  public:
    /* Owns nothing. */
    owned() noexcept = default;
    /* Takes ownership of `held`: the caller must not release a copy of it. */
    explicit owned(const T &held) noexcept : held_(held), is_empty_(false) {
    }
    owned(owned &&other) noexcept
        : held_(other.held_), is_empty_(std::exchange(other.is_empty_, true)) {
    }
    /* Releases the owned value, then takes ownership of the value of `other`. */
    owned &operator=(owned &&other) noexcept {
        if (this != &other) {
            reset();
            held_ = other.held_;
            is_empty_ = std::exchange(other.is_empty_, true);
        }
        return *this;
    }
    /* Calls reset(). */
    ~owned() {
        reset();
    }

    /* Returns whether this owns something. */
    explicit operator bool() const noexcept {
        return !is_empty_;
    }

    /* Returns a pointer to pass to functions of C; nullptr if this is empty. */
    T *get() noexcept {
        return is_empty_ ? nullptr : &held_;
    }
    const T *get() const noexcept {
        return is_empty_ ? nullptr : &held_;
    }

    /* Releases the owned value, if any. */
    void reset() noexcept {
        if (!std::exchange(is_empty_, true)) {
            give_back(&held_);
        }
    }

    /* Returns the owned value and becomes empty; the caller then owns the value. This must not be
     * empty. */
    T release() noexcept {
        is_empty_ = true;
        return held_;
    }
};

} // namespace rein

#endif
