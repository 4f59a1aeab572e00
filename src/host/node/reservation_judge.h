/* Admission of a reservation beside those that are live. */
#ifndef REIN_HOST_NODE_RESERVATION_JUDGE_H
#define REIN_HOST_NODE_RESERVATION_JUDGE_H

#include "node/reservation.h"

/* Judges a request beside the reservations `others`. `held_bytes` is what the caller gives up for
 * it. Writes verdicts and fails as rein_admission_decide does. */
rein_result_reservation_verdict rein_i_reservation_judge(const rein_admission_request *request,
                                                         const rein_reservation_summary *others,
                                                         uint64_t held_bytes,
                                                         rein_model_verdict *out_models);

#endif
