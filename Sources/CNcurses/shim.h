// ncursesw for Swift. Link lines stand in the module map because Debian's
// pkg-config file adds flags that SwiftPM refuses.
#ifndef CNCURSES_SHIM_H
#define CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include <ncurses.h>
#include <term.h>

// tparm takes a variable number of arguments, which Swift cannot give.
static inline char *chat_tparm(const char *capability, int first, int second) {
    return tparm((char *)capability, (long)first, (long)second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}

#endif
