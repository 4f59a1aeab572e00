/* Takes or changes a reservation: tries until it succeeds or the wait ends. */
#ifndef REIN_HOST_NODE_RESERVATION_ATTEMPT_H
#define REIN_HOST_NODE_RESERVATION_ATTEMPT_H

#include "node/reservation.h"

typedef struct reservation_attempt {
    const rein_state_directory *directory; /* NULL if a reservation is changed */
    const rein_reservation_request *request;
    rein_reservation *target; /* if taken: its id, device and process are set */
    rein_reservation_record record;
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX]; /* of the last try */
} reservation_attempt;

/* Checks that this process holds the reservation. Errors: InvalidArgument if it is NULL;
 * InvalidState. */
rein_result_void rein_i_reservation_check_held(const rein_reservation *reservation);

/* Checks the request and describes it in the attempt's record. */
rein_result_void rein_i_reservation_attempt_prepare(reservation_attempt *attempt,
                                                    const rein_model_verdict *out_models);

/* Tries until the reservation is granted, the deadline of the request has passed, or the models
 * would not fit alone. If granted, the target holds it. On an error `out_models` is unchanged. */
rein_result_reservation_verdict rein_i_reservation_attempt_run(reservation_attempt *attempt,
                                                               rein_model_verdict *out_models);

/* Returns whether a result grants the reservation. */
bool rein_i_reservation_attempt_is_granted(const rein_result_reservation_verdict *tried);

#endif
