#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "contract/version.h"

Test(version, of_the_library_is_that_of_the_headers) {
    cr_assert(strcmp(rein_version(), REIN_VERSION_STRING) == 0, "%s, expected %s", rein_version(),
              REIN_VERSION_STRING);
}

Test(version, numbers_and_text_agree) {
    char text[64];
    snprintf(text, sizeof text, "%d.%d.%d", REIN_VERSION_MAJOR, REIN_VERSION_MINOR,
             REIN_VERSION_PATCH);
    cr_assert(strcmp(text, REIN_VERSION_STRING) == 0, "%s, expected %s", REIN_VERSION_STRING, text);
}
