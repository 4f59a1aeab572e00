/* What `rein check` found, in a sentence: the same in every form. */
#ifndef REIN_CLI_CHECK_SENTENCE_H
#define REIN_CLI_CHECK_SENTENCE_H

#include "cli/fleet.h"

/* Of the whole fleet: "the device is 264.0 MiB short". */
const char *check_sentence(arena *memory, const fleet *checked);

/* Of one model against its own budget: "needs 172.0 MiB of its 512.0 MiB". */
const char *check_model_sentence(arena *memory, const fleet_model *model);

/* Of the models together against the device: "4.0 GiB requested, 3.7 GiB available: 264.0 MiB
 * short". */
const char *check_device_sentence(arena *memory, const fleet *checked);

/* A warning about the streams, or NULL. */
const char *check_stream_warning(arena *memory, const fleet *checked);

#endif
