/* Reservations in C++17: owners of a state directory and of a reservation. No function throws. */
#ifndef REIN_NODE_REIN_NODE_HPP
#define REIN_NODE_REIN_NODE_HPP

#include "contract/rein.hpp"
#include "node/reservation.h"

namespace rein {

/* Owns an open state directory, and closes it on destruction. */
using state_directory = owned<rein_state_directory, rein_state_directory_close>;

/* Owns a reservation, and releases it on destruction. */
using reservation = owned<rein_reservation, rein_reservation_release>;

/* Opens a state directory and returns its owner. Errors: as rein_state_directory_open. */
inline result<state_directory> open_state_directory(const char *path) noexcept {
    result opened = rein_state_directory_open(path);
    if (!opened) {
        return opened.error();
    }
    return state_directory(*opened);
}

/* The answer to a request for a reservation. `held` is empty unless the outcome is "fits". */
struct [[nodiscard]] reservation_answer {
    rein_reservation_verdict verdict; /* every number is set, held or not */
    reservation held;                 /* released with this struct, unless moved from */
};

/* Takes a reservation and returns its owner. `out_models` has room for a verdict on each model.
 * Errors: as rein_reservation_take. */
inline result<reservation_answer> take_reservation(const state_directory &directory,
                                                   const rein_reservation_request &request,
                                                   rein_model_verdict *out_models) noexcept {
    rein_reservation taken;
    result verdict = rein_reservation_take(directory.get(), &request, out_models, &taken);
    if (!verdict) {
        return verdict.error();
    }
    bool is_held = verdict->outcome == REIN_ADMISSION_FITS;
    return reservation_answer{*verdict, is_held ? reservation(taken) : reservation()};
}

} // namespace rein

#endif
