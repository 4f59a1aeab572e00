/* The element types that the engine and the contract share. */
#ifndef REIN_EXAMPLES_ORT_ELEMENT_TYPE_H
#define REIN_EXAMPLES_ORT_ELEMENT_TYPE_H

#include <contract/contract.h>

/* Returns the contract's element type, or 0 if it has none for the engine's. */
rein_dtype ort_dtype_of(int element_type);

/* Returns the engine's element type, or 0 if it has none for the contract's. */
int ort_element_type_of(rein_dtype dtype);

/* Returns the types that both the engine and the contract have. */
rein_dtype_set ort_dtypes(void);

#endif
