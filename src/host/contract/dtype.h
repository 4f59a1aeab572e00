/* Tests whether values of the enumerations in contract/dtype.h are valid. */
#ifndef REIN_HOST_CONTRACT_DTYPE_H
#define REIN_HOST_CONTRACT_DTYPE_H

#include "contract/tensor.h"

bool rein_i_layout_is_valid(rein_layout layout);
bool rein_i_memory_kind_is_valid(rein_memory_kind kind);

#endif
