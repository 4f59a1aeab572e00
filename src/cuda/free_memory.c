#include "cuda/free_memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMINFO_CAPACITY = 4096 /* the field is among the first lines */ };

static rein_fact_u64 parse_available_bytes(const char *meminfo) {
    static const char field[] = "MemAvailable:";
    const char *found = strstr(meminfo, field);
    if (found == NULL) {
        return rein_fact_u64_unknown();
    }
    errno = 0;
    char *end = NULL;
    unsigned long long kib = strtoull(found + sizeof field - 1, &end, 10);
    bool is_whole = errno == 0 && strncmp(end, " kB", 3) == 0 && kib <= UINT64_MAX / 1024;
    return is_whole ? rein_fact_u64_known((uint64_t)kib * 1024) : rein_fact_u64_unknown();
}

rein_fact_u64 rein_i_system_available_bytes(void) {
    FILE *file = fopen("/proc/meminfo", "re");
    if (file == NULL) {
        return rein_fact_u64_unknown();
    }
    char text[MEMINFO_CAPACITY];
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return parse_available_bytes(text);
}
