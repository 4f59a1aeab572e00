/* The contract in C++17.
 *
 * The C headers compile as C++, and C++ calls the functions of C directly. These headers add
 * features of C++. Everything is inline: there is nothing to link.
 *
 *     contract/rein_error.hpp    make_error, to_string, message
 *     contract/rein_result.hpp   result, a class that holds a value or an error
 *     contract/rein_ids.hpp      ids as keys of maps
 *     contract/rein_owned.hpp    owned, which releases a value of C
 *     contract/rein_charge.hpp   memory_charge and stream_charge, which release a charge
 *
 * Not included here: contract/rein_backend.hpp makes a backend from a class, node/rein_node.hpp
 * owns reservations, cuda/rein_cuda.hpp owns pools and windows.
 *
 * Nothing here throws by itself, except rein::to_string and rein::message, which allocate. */
#ifndef REIN_CONTRACT_REIN_HPP
#define REIN_CONTRACT_REIN_HPP

#include "contract/contract.h"
#include "contract/rein_charge.hpp"
#include "contract/rein_error.hpp"
#include "contract/rein_ids.hpp"
#include "contract/rein_owned.hpp"
#include "contract/rein_result.hpp"

namespace rein {

/* Owns a bound backend: unloads and destroys it. */
using backend = owned<rein_backend, rein_backend_destroy>;

} // namespace rein

#endif
