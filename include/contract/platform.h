/* The machines that Rein is built for: 64-bit, little-endian. It is tested on no others, so it
 * refuses them when it is compiled. */
#ifndef REIN_CONTRACT_PLATFORM_H
#define REIN_CONTRACT_PLATFORM_H

#ifdef __cplusplus
static_assert(sizeof(void *) == 8, "Rein needs a 64-bit machine: sizes and counts have 64 bits");
#else
_Static_assert(sizeof(void *) == 8, "Rein needs a 64-bit machine: sizes and counts have 64 bits");
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Rein needs a little-endian machine: it is tested on no other"
#endif

#endif
