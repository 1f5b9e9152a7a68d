/* keymeter - times a full-screen terminal program from a key to its echo.
 *
 *   keymeter [options] -- PROGRAM [ARGUMENT...]
 *
 * The program runs in a pseudo-terminal of its own. When it has printed `--until`, "ready" goes to standard output. Each
 * line on standard input starts a measurement: letters are typed at random moments, and each is timed from its write to
 * the read that shows it in the composer's row, the last but one. Between them the same letter goes to a second terminal,
 * where only a read-write loop answers: that time is the machine's, not the program's. One JSON object per measurement
 * goes to standard output. The end of the input ends the program.
 *
 * One thread, libc only, and no work except following the cursor, so that it uses little of the cores that it measures on.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NS 1000000000ull
enum { COLUMNS_MAX = 1000, KEYS_MAX = 100000, FRAMES_MAX = 1 << 16, LETTER = 'z', LINE_LETTERS = 40 };

static int columns = 100, rows = 30, left = 32, keys = 300, pause_min = 10, pause_max = 45;
static const char *until = "";

static _Noreturn void die(const char *what) {
    fprintf(stderr, "keymeter: %s\n", what);
    exit(1);
}
static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

/* ---------------------------------------------------------------- terminals */
/* The needed part of a screen: the position of the cursor, and the row above the last one, which holds the composer. */
typedef struct {
    int fd, row, column, letters;
    pid_t pid;
    enum { TEXT, ESCAPE, CONTROL, COMMAND, COMMAND_ESCAPE, CHARSET } mode;
    char sequence[64];
    size_t length;
    char composer[COLUMNS_MAX + 1];
    uint64_t bytes, frames;
} Terminal;
static uint64_t frame_times[FRAMES_MAX];

static void put(Terminal *t, char c) {
    if (t->row == rows - 1 && t->column > left && t->column <= columns) {
        t->letters += (c == LETTER) - (t->composer[t->column] == LETTER);
        t->composer[t->column] = c;
    }
    t->column++;
}
static void control(Terminal *t, char final, uint64_t at) {
    t->sequence[t->length] = 0;
    if (final == 'H') {
        t->row = t->column = 1;
        sscanf(t->sequence, "%d;%d", &t->row, &t->column);
    } else if (final == 'K' && t->row == rows - 1) {
        int column = t->column;
        while (t->column <= columns) put(t, ' ');
        t->column = column;
    } else if (final == 'J' && t->row == 1) {
        memset(t->composer, ' ', sizeof t->composer);
        t->letters = 0;
    } else if (final == 'l' && !strcmp(t->sequence, "?25")) {
        /* A frame begins by hiding the cursor. */
        if (t->frames < FRAMES_MAX) frame_times[t->frames] = at;
        t->frames++;
    }
}
static void feed(Terminal *t, const char *data, size_t n, uint64_t at) {
    t->bytes += n;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)data[i];
        switch (t->mode) {
        case TEXT:
            if (c == 0x1B) t->mode = ESCAPE;
            else if (c >= 0x20 && (c & 0xC0) != 0x80) put(t, (char)c);
            break;
        case ESCAPE:
            t->length = 0;
            t->mode = c == '[' ? CONTROL : c == ']' ? COMMAND : c == '(' || c == ')' ? CHARSET : TEXT;
            break;
        case CONTROL:
            if (c >= 0x40 && c <= 0x7E) control(t, (char)c, at), t->mode = TEXT;
            else if (t->length < sizeof t->sequence - 1) t->sequence[t->length++] = (char)c;
            break;
        case COMMAND: t->mode = c == 7 ? TEXT : c == 0x1B ? COMMAND_ESCAPE : COMMAND; break;
        case COMMAND_ESCAPE: t->mode = TEXT; break;
        case CHARSET: t->mode = TEXT; break;
        }
    }
}

/* Answers each byte at once with the minimum: a frame with that byte in the composer's row. */
static _Noreturn void echo(void) {
    struct termios raw;
    tcgetattr(0, &raw);
    cfmakeraw(&raw);
    tcsetattr(0, TCSANOW, &raw);
    char byte, frame[64];
    for (int column = left + 1; read(0, &byte, 1) == 1; column++) {
        if (byte != LETTER || column > columns) column = left;
        int n = snprintf(frame, sizeof frame, "\033[?25l\033[%d;%dH%c\033[?25h", rows - 1, column > left ? column : left + 1,
                         byte == LETTER ? LETTER : ' ');
        if (byte != LETTER) n = snprintf(frame, sizeof frame, "\033[%d;%dH\033[K", rows - 1, left + 1);
        if (write(1, frame, (size_t)n) < 0) break;
    }
    _exit(0);
}
static void start(Terminal *t, char **program) {
    struct winsize size = { (unsigned short)rows, (unsigned short)columns, 0, 0 };
    memset(t->composer, ' ', sizeof t->composer);
    t->row = t->column = 1;
    if ((t->pid = forkpty(&t->fd, NULL, NULL, &size)) < 0) die("no pseudo-terminal");
    if (t->pid) return;
    if (!program) echo();
    execv(program[0], program);
    _exit(127);
}

static Terminal terminals[2]; /* the program, and the echo */
static char *printed;
static size_t printed_length;

/* Reads the available output; waits at most until `end`. */
static void pump(uint64_t end, bool keeps) {
    static char data[1 << 16];
    struct pollfd p[2] = { { terminals[0].fd, POLLIN, 0 }, { terminals[1].fd, POLLIN, 0 } };
    uint64_t at = now();
    struct timespec wait = { 0, 0 };
    if (end > at) wait = (struct timespec){ (time_t)((end - at) / NS), (long)((end - at) % NS) };
    if (ppoll(p, 2, &wait, NULL) <= 0) return;
    for (int i = 0; i < 2; i++) {
        if (!p[i].revents) continue;
        ssize_t n = read(terminals[i].fd, data, sizeof data);
        if (n <= 0) die("a program has ended");
        feed(&terminals[i], data, (size_t)n, now());
        if (keeps && i == 0) {
            if (!(printed = realloc(printed, printed_length + (size_t)n))) die("no memory");
            memcpy(printed + printed_length, data, (size_t)n);
            printed_length += (size_t)n;
        }
    }
}
static void type(Terminal *t, char c) {
    if (write(t->fd, &c, 1) != 1) die("cannot type");
}
static void wait_for(Terminal *t, int letters) {
    uint64_t end = now() + 10 * NS;
    while (t->letters != letters)
        if (now() > end) die("a key was never shown");
        else pump(end, false);
}
static uint64_t press(Terminal *t) {
    int wanted = t->letters + 1;
    uint64_t begun = now();
    type(t, LETTER);
    wait_for(t, wanted);
    return now() - begun;
}

/* -------------------------------------------------------------- the machine */
/* CPU seconds of all threads. */
static double used(pid_t pid) {
    char path[64];
    double seconds = 0;
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *directory = opendir(path);
    if (!directory) die("cannot see the program's threads");
    for (struct dirent *entry; (entry = readdir(directory));) {
        char file[400];
        unsigned long long ns = 0;
        snprintf(file, sizeof file, "%s/%s/schedstat", path, entry->d_name);
        FILE *f = entry->d_name[0] == '.' ? NULL : fopen(file, "r");
        if (!f) continue;
        if (fscanf(f, "%llu", &ns) == 1) seconds += (double)ns / 1e9;
        fclose(f);
    }
    closedir(directory);
    return seconds;
}
static double resident_mib(pid_t pid) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) sscanf(line, "VmRSS: %ld", &kib);
    if (f) fclose(f);
    return (double)kib / 1024;
}

/* -------------------------------------------------------------- measurement */
static int by_size(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}
static double percentile(const uint64_t *sorted, int n, double q) {
    int index = (int)(q * n);
    return (double)sorted[index < n ? index : n - 1] / 1e6;
}
static void pause_at_random(void) {
    uint64_t end = now() + (uint64_t)pause_min * 1000000 + (uint64_t)(drand48() * (pause_max - pause_min) * 1e6);
    while (now() < end) pump(end, false);
}
static int most_in_a_second(uint64_t frames) {
    int most = 0;
    for (uint64_t low = 0, high = 0; high < frames; high++) {
        while (frame_times[high] - frame_times[low] >= NS) low++;
        if ((int)(high - low + 1) > most) most = (int)(high - low + 1);
    }
    return most;
}

/* Waits for a line of input; false at its end. */
static bool asked(void) {
    struct pollfd input = { 0, POLLIN, 0 };
    char line[256];
    while (poll(&input, 1, 0) == 0) pump(now() + NS / 20, false);
    return read(0, line, sizeof line) > 0;
}
static void empty(Terminal *t) {
    type(t, 0x15);
    wait_for(t, 0);
}
static void measure(Terminal *program, Terminal *floor) {
    static uint64_t times[KEYS_MAX], floors[KEYS_MAX];
    double cpu = used(program->pid);
    uint64_t begun = now(), bytes = program->bytes;
    program->frames = 0;
    for (int i = 0; i < keys; i++) {
        if (i % LINE_LETTERS == 0 && i) empty(program), empty(floor);
        pause_at_random();
        times[i] = press(program);
        pause_at_random();
        floors[i] = press(floor);
    }
    double seconds = (double)(now() - begun) / 1e9;
    cpu = used(program->pid) - cpu;
    uint64_t frames = program->frames < FRAMES_MAX ? program->frames : FRAMES_MAX;
    bytes = program->bytes - bytes;
    empty(program), empty(floor);
    qsort(times, (size_t)keys, sizeof *times, by_size);
    qsort(floors, (size_t)keys, sizeof *floors, by_size);
    printf("{\"keys\": %d, \"seconds\": %.1f, \"p50_ms\": %.2f, \"p90_ms\": %.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, "
           "\"floor_p50_ms\": %.2f, \"floor_p99_ms\": %.2f, \"floor_max_ms\": %.2f, \"frames_per_s\": %.1f, "
           "\"frames_in_a_second_at_most\": %d, \"bytes_per_frame\": %.0f, \"cpu\": %.3f, "
           "\"rss_mib\": %.1f}\n", keys, seconds, percentile(times, keys, 0.5),
           percentile(times, keys, 0.9), percentile(times, keys, 0.99), (double)times[keys - 1] / 1e6,
           percentile(floors, keys, 0.5), percentile(floors, keys, 0.99), (double)floors[keys - 1] / 1e6,
           (double)program->frames / seconds, most_in_a_second(frames),
           program->frames ? (double)bytes / (double)program->frames : 0, cpu / seconds,
           resident_mib(program->pid));
    fflush(stdout);
}

int main(int argc, char **argv) {
    static const struct option options[] = { { "columns", 1, 0, 'c' }, { "rows", 1, 0, 'r' }, { "left", 1, 0, 'l' },
        { "keys", 1, 0, 'k' }, { "until", 1, 0, 'u' }, { 0, 0, 0, 0 } };
    for (int c; (c = getopt_long(argc, argv, "+", options, NULL)) != -1;) switch (c) {
        case 'c': columns = atoi(optarg); break;
        case 'r': rows = atoi(optarg); break;
        case 'l': left = atoi(optarg); break;
        case 'k': keys = atoi(optarg); break;
        case 'u': until = optarg; break;
        default: return 1;
    }
    if (optind >= argc || columns < 1 || columns > COLUMNS_MAX || left + LINE_LETTERS + 2 > columns || keys < 1 || keys > KEYS_MAX)
        die("usage");
    srand48(1);
    Terminal *program = &terminals[0], *floor = &terminals[1];
    start(program, argv + optind);
    start(floor, NULL);
    for (uint64_t end = now() + 30 * NS; !printed || !memmem(printed, printed_length, until, strlen(until));) {
        if (now() > end) die("the program never came up");
        pump(end, true);
    }
    puts("ready");
    fflush(stdout);
    while (asked()) measure(program, floor);
    kill(program->pid, SIGTERM);
    close(floor->fd);
    /* Its remaining output must be read, or it cannot end. */
    for (char rest[4096]; read(program->fd, rest, sizeof rest) > 0;) {}
    while (wait(NULL) > 0) {}
    return 0;
}
