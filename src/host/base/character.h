/* The characters that names must not contain and that reports escape: those that are invisible,
 * change the direction of a line, end a line, or are noncharacters. In a header, so that the
 * command shares the table without a symbol of the library. */
#ifndef REIN_HOST_BASE_CHARACTER_H
#define REIN_HOST_BASE_CHARACTER_H

#include <stddef.h>
#include <stdint.h>

typedef enum character_kind {
    CHARACTER_VISIBLE,
    CHARACTER_CONTROL,   /* Unicode's category Cc: U+0000 to U+001F, U+007F to U+009F */
    CHARACTER_FORMAT,    /* Cf: zero width, or changes the direction of the text after it */
    CHARACTER_SEPARATOR, /* Zl and Zp: U+2028 and U+2029 */
    CHARACTER_NONE       /* U+FDD0 to U+FDEF and the last two of each plane; XML excludes U+FFFE */
} character_kind;

/* Unicode 15.1, DerivedGeneralCategory.txt. */
static inline int character_is_format(uint32_t character) {
    static const struct {
        uint32_t first;
        uint32_t last;
    } ranges[] = {{0x00AD, 0x00AD},   {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},
                  {0x070F, 0x070F},   {0x0890, 0x0891},   {0x08E2, 0x08E2},   {0x180E, 0x180E},
                  {0x200B, 0x200F},   {0x202A, 0x202E},   {0x2060, 0x2064},   {0x2066, 0x206F},
                  {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
                  {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001},
                  {0xE0020, 0xE007F}};
    size_t index = 0;
    while (index < sizeof ranges / sizeof ranges[0] - 1 && character > ranges[index].last) {
        index++;
    }
    return character >= ranges[index].first && character <= ranges[index].last;
}

static inline character_kind character_kind_of(uint32_t character) {
    if (character < 0x20 || (character >= 0x7F && character < 0xA0)) {
        return CHARACTER_CONTROL;
    }
    if (character < 0xA0) {
        return CHARACTER_VISIBLE;
    }
    if (character == 0x2028 || character == 0x2029) {
        return CHARACTER_SEPARATOR;
    }
    if ((character >= 0xFDD0 && character <= 0xFDEF) || (character & 0xFFFE) == 0xFFFE) {
        return CHARACTER_NONE;
    }
    return character_is_format(character) ? CHARACTER_FORMAT : CHARACTER_VISIBLE;
}

#endif
