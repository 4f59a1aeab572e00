/* Linkage, visibility and warnings: macros that every public header uses. */
#ifndef REIN_CONTRACT_API_H
#define REIN_CONTRACT_API_H

/* Functions declared between these two have C linkage. A shared library exports them; everything
 * else in it is hidden. */
#ifdef __cplusplus
#define REIN_API_BEGIN \
    extern "C" {       \
    _Pragma("GCC visibility push(default)")
#define REIN_API_END              \
    _Pragma("GCC visibility pop") \
    }
#else
#define REIN_API_BEGIN _Pragma("GCC visibility push(default)")
#define REIN_API_END   _Pragma("GCC visibility pop")
#endif

/* A caller that drops what the function returns, a result or a verdict, gets a warning. See
 * REIN_IGNORE (result.h). */
#define REIN_MUST_USE __attribute__((warn_unused_result))

#endif
