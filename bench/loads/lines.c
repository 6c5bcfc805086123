/* Callers of a service that takes one line per connection: connect, send, read to the end, close, again.
 *
 * Usage: lines PORT CALLERS SECONDS FILE. FILE holds the requests, each with its length before it (four digits and a
 * newline). Prints: answered broken p50_us p99_us. One thread, epoll; the callers are spread over loopback addresses of 127/8
 * so that ports do not run out. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct { int fd; long began; long taken; int sent; } Caller;
static char **requests; static int *lengths; static int count;
static int port, epoll; static unsigned turn, seed = 1;
static unsigned *times; static long answered, broken, room = 1 << 22;

static long now_us(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000L + t.tv_nsec / 1000; }

static void begin(Caller *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)}, from = {.sin_family = AF_INET};
    int one = 1;
    to.sin_addr.s_addr = htonl(0x7f000001);
    from.sin_addr.s_addr = htonl(0x7f000001 + (turn++ % 16));
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(c->fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one);
    setsockopt(c->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bind(c->fd, (struct sockaddr *)&from, sizeof from);
    c->began = now_us(); c->taken = 0; c->sent = 0;
    connect(c->fd, (struct sockaddr *)&to, sizeof to);
    struct epoll_event e = {.events = EPOLLOUT, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e);
}

static void end(Caller *c, int good) {
    if (good && answered < room) times[answered++] = (unsigned)(now_us() - c->began); else if (!good) broken++;
    close(c->fd); begin(c);
}

static int order(const void *a, const void *b) { unsigned x = *(unsigned *)a, y = *(unsigned *)b; return x < y ? -1 : x > y; }

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    port = atoi(argv[1]); int callers = atoi(argv[2]); double seconds = atof(argv[3]);
    FILE *f = fopen(argv[4], "rb"); char size[6];
    while (f && fread(size, 1, 5, f) == 5) {
        size[5] = 0; int n = atoi(size); char *text = malloc(n);
        if (fread(text, 1, n, f) != (size_t)n) break;
        requests = realloc(requests, (count + 1) * sizeof *requests); lengths = realloc(lengths, (count + 1) * sizeof *lengths);
        requests[count] = text; lengths[count++] = n;
    }
    if (!count) return 2;
    times = malloc(room * sizeof *times); epoll = epoll_create1(0);
    Caller *all = calloc(callers, sizeof *all); static char buffer[65536];
    for (int i = 0; i < callers; i++) begin(&all[i]);
    long until = now_us() + (long)(seconds * 1e6);
    struct epoll_event events[256];
    while (now_us() < until) {
        int n = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < n; i++) {
            Caller *c = events[i].data.ptr;
            if (!c->sent) {
                int which = rand_r(&seed) % count;
                if (send(c->fd, requests[which], lengths[which], MSG_NOSIGNAL) != lengths[which]) { end(c, 0); continue; }
                c->sent = 1;
                struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
                epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
                continue;
            }
            for (;;) {
                ssize_t got = recv(c->fd, buffer, sizeof buffer, 0);
                if (got > 0) { c->taken += got; continue; }
                if (got == 0) end(c, c->taken > 0); else if (errno != EAGAIN) end(c, 0);
                break;
            }
        }
    }
    qsort(times, answered, sizeof *times, order);
    printf("%ld %ld %u %u\n", answered, broken, answered ? times[answered / 2] : 0, answered ? times[(long)(answered * 0.99)] : 0);
    return 0;
}
