/* Passes ARGUMENT as a model id. */
#include "contract/ids.h"

uint64_t use_as_model_id(const rein_model_id *model, const rein_tensor_id *tensor,
                         const rein_request_id *request, const char *text);

uint64_t use_as_model_id(const rein_model_id *model, const rein_tensor_id *tensor,
                         const rein_request_id *request, const char *text) {
    return (model && tensor && request && text) ? rein_model_id_hash(ARGUMENT) : 0;
}
