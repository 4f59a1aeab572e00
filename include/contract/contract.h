/* The whole contract in one include, and the rules that hold for all of it.
 *
 * Naming: rein_noun_verb. `_make` checks its arguments and returns a value, `init` fills the
 * caller's storage, `create` and `destroy` use the heap. `out_` parameters come last. Units are in
 * names: `_bytes`, `_ns`.
 *
 * Errors: a function that can fail returns a result (result.h). "Does not fit" is a verdict, not an
 * error. A result or a verdict that is ignored is a compiler warning. After an error the outputs
 * and the object are as before the call.
 *
 * NULL: a pointer must not be NULL unless the function says so; an array of no elements may be. If
 * it is NULL, a function that returns a result fails with InvalidArgument, and any other returns
 * its type's safe answer: false, 0, the empty text, nothing done. Only functions whose comment says
 * so do not check: those that are called for each operation or look-up, and rein_stop. The same
 * holds for pointers to functions.
 *
 * Ownership: nothing is kept after a call returns and nothing is freed by the caller, unless the
 * function says so. Nothing here allocates.
 *
 * Text is UTF-8, NUL-terminated. Writers of text take a buffer and its capacity, terminate unless
 * the capacity is 0, and return the length of the whole text, as snprintf does.
 *
 * Sizes are uint64_t bytes. Arithmetic is checked: an overflow is an error, never a wrapped number.
 * Numbers of the user are never clamped or rounded silently.
 *
 * Growth: a struct that is passed by pointer begins with `struct_size`, its size in the header that
 * the caller was compiled with. This library accepts the size of its own header. A later one also
 * accepts earlier sizes, and reads new members only within struct_size.
 *
 * Threads: a plain value may have any number of readers or one writer. A type or function that
 * allows more says so.
 *
 * Failure: nothing throws, exits, prints or sets errno for the caller, with one exception: a wrong
 * access to a result stops the program (result.h). */
#ifndef REIN_CONTRACT_CONTRACT_H
#define REIN_CONTRACT_CONTRACT_H

#include "contract/admission.h"
#include "contract/backend.h"
#include "contract/budget.h"
#include "contract/buffers.h"
#include "contract/clock.h"
#include "contract/demand.h"
#include "contract/device.h"
#include "contract/dtype.h"
#include "contract/error.h"
#include "contract/execution.h"
#include "contract/ids.h"
#include "contract/ledger.h"
#include "contract/lifetime.h"
#include "contract/platform.h"
#include "contract/result.h"
#include "contract/schedule.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "contract/tensor.h"
#include "contract/units.h"
#include "contract/version.h"

#endif
