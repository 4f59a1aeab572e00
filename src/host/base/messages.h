/* The wording of messages that several sources share: templates of rein_error_make, or the ends of
 * such templates after the name of an argument. Each kind of message is worded here once. */
#ifndef REIN_HOST_BASE_MESSAGES_H
#define REIN_HOST_BASE_MESSAGES_H

/* After the names of arguments or members. */
#define MUST_NOT_BE_NULL     " must not be NULL"
#define MUST_BE_POSITIVE     "; it must be greater than 0"
#define MUST_NOT_BE_NEGATIVE "; it must not be negative"

/* After an array that must not be NULL. Number: the count of its elements. */
#define MUST_HOLD_ELEMENTS MUST_NOT_BE_NULL ": the count is {u}"

/* After a value. Number: the greatest valid value. */
#define MUST_BE_FROM_0_TO "; it must be from 0 to {i}"
#define MUST_BE_FROM_1_TO "; it must be from 1 to {i}"

/* After a text. Number: the greatest valid length. */
#define MUST_BE_SHORT " must have at most {u} bytes"

/* After the name of a struct. Numbers: its struct_size, and the one of this library. */
#define MUST_HAVE_STRUCT_SIZE " has struct_size {u}; it must be {u}, as in this library's headers"

/* After a sum, a size or the like. */
#define MUST_FIT_64_BITS " does not fit in 64 bits"

/* Before what the host lacks memory for. */
#define HOST_IS_OUT_OF_MEMORY "the host is out of memory: cannot "

#endif
