/* The rules of a request to judge a schedule. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_CHECK_H
#define REIN_HOST_CONTRACT_SCHEDULE_CHECK_H

#include "contract/schedule.h"

/* Errors: those of rein_schedule_decide. */
rein_result_void rein_i_schedule_check(const rein_schedule_request *request);

/* As rein_i_schedule_check, for a question about the model `index`. */
rein_result_void rein_i_schedule_check_index(const rein_schedule_request *request, size_t index);

#endif
