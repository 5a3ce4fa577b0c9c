/*
 * What the machine can do: hopeit lines of one file to counts by (app, event, status) and to duration buckets, by a C
 * program that does nothing else. It believes every line it is shown; ours may not.
 *
 * cc -O2 -o count count.c -lm && ./count all.log
 */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define SLOTS 8192
#define BUCKETS 1024
#define LOWEST 512

static struct {
    const char *key;
    size_t length;
    long count, durations;
    uint32_t *buckets;
} table[SLOTS];

static int find(const char *key, size_t length) {
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)key[i]) * 1099511628211u;
    size_t slot = hash % SLOTS;
    while (table[slot].key && (table[slot].length != length || memcmp(table[slot].key, key, length)))
        slot = (slot + 1) % SLOTS;
    if (!table[slot].key) {
        table[slot].key = key;
        table[slot].length = length;
        table[slot].buckets = calloc(BUCKETS, sizeof(uint32_t));
    }
    return (int)slot;
}

static const char *separator(const char *from, const char *end) {
    while (from < end) {
        const char *bar = memchr(from, '|', end - from);
        if (!bar) return NULL;
        if (bar > from && bar[-1] == ' ' && bar + 1 < end && bar[1] == ' ') return bar;
        from = bar + 1;
    }
    return NULL;
}

int main(int argc, char **argv) {
    static const char *const words[] = {"START", "DONE", "FAILED", "IGNORED"};
    static const char measured[] = "metrics.duration=";
    int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    struct stat status;
    if (file < 0 || fstat(file, &status)) return 2;
    const char *data = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED) return 2;
    const char *end = data + status.st_size, *line = data;
    const double scale = 1 / log(1.02 / 0.98);
    long lines = 0, counted = 0, measurements = 0;
    while (line < end) {
        const char *stop = memchr(line, '\n', end - line);
        if (!stop) stop = end;
        lines++;
        const char *level = separator(line, stop);
        const char *logger = level ? separator(level + 2, stop) : NULL;
        const char *message = logger ? separator(logger + 2, stop) : NULL;
        const char *extras = message ? separator(message + 2, stop) : NULL;
        if (extras) {
            size_t length = extras - 1 - (message + 2);
            int known = 0;
            for (int i = 0; i < 4; i++) known |= strlen(words[i]) == length && !memcmp(words[i], message + 2, length);
            if (known) {
                int slot = find(logger + 2, extras - logger - 2);
                table[slot].count++;
                counted++;
                for (const char *field = extras; field; field = separator(field + 2, stop)) {
                    const char *name = field + 2;
                    if (stop - name > (long)sizeof measured && !memcmp(name, measured, sizeof measured - 1)) {
                        double value = 0, unit = 1;
                        const char *digit = name + sizeof measured - 1;
                        for (; digit < stop && *digit >= '0' && *digit <= '9'; digit++) value = value * 10 + *digit - '0';
                        if (digit < stop && *digit == '.')
                            for (digit++; digit < stop && *digit >= '0' && *digit <= '9'; digit++)
                                value += (*digit - '0') * (unit /= 10);
                        int bucket = LOWEST + (value > 0.001 ? (int)ceil(log(value) * scale) : -LOWEST);
                        if (bucket >= BUCKETS) bucket = BUCKETS - 1;
                        table[slot].buckets[bucket < 0 ? 0 : bucket]++;
                        table[slot].durations++;
                        measurements++;
                        break;
                    }
                }
            }
        }
        line = stop + 1;
    }
    printf("%ld %ld %ld\n", lines, counted, measurements);
    return 0;
}
