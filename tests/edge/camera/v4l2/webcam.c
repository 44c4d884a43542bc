/* A webcam for tests: what /dev/video7 answers to FFmpeg's V4L2 code, in the place of the kernel's (LD_PRELOAD).
 *
 * It knows YUYV at any size and rate: grey pictures, each lighter than the one before, with the kernel's time stamps. UNPLUG_AFTER (frames) pulls
 * it out, BUSY says that another program has it, HANG lets every wait for a frame last for ever.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "/dev/video7"
#define MOST_BUFFERS 32

static int device = -1, buffers, next_buffer, frames;
static unsigned width, height, rate_hz = 30;

static size_t size(void) { return (size_t)width * height * 2; }

/* What a buffer takes: memory is mapped by whole pages. */
static size_t span(void) { return (size() + 4095) & ~(size_t)4095; }

static int plug_in(void) {
    if (getenv("BUSY")) { errno = EBUSY; return -1; }
    buffers = next_buffer = frames = 0;
    return device = memfd_create("webcam", 0);
}

static int opened(const char *name, const char *path, int flags, va_list more) {
    if (!strcmp(path, DEVICE)) return plug_in();
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
    return real(path, flags, mode);
}

#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        va_list more;                                          \
        va_start(more, flags);                                 \
        int fd = opened(#name, path, flags, more);             \
        va_end(more);                                          \
        return fd;                                             \
    }
OPEN(open)
OPEN(open64)

static int refused(int error) { errno = error; return -1; }

static int give_frame(struct v4l2_buffer *buffer) {
    const char *unplug = getenv("UNPLUG_AFTER");
    if (unplug && frames >= atoi(unplug)) return refused(ENODEV);
    if (getenv("HANG")) for (;;) pause();
    struct timespec wait = {0, 1000000000L / rate_hz}, now;
    nanosleep(&wait, NULL);
    int index = next_buffer++ % buffers;
    unsigned char *picture = mmap(NULL, size(), PROT_WRITE, MAP_SHARED, device, (off_t)index * (off_t)span());
    for (size_t at = 0; at < size(); at += 2) { picture[at] = 60 + frames % 100; picture[at + 1] = 128; }
    munmap(picture, size());
    clock_gettime(CLOCK_MONOTONIC, &now);
    memset(buffer, 0, sizeof *buffer);
    buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer->memory = V4L2_MEMORY_MMAP;
    buffer->index = index;
    buffer->bytesused = buffer->length = size();
    buffer->m.offset = index * span();
    buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    buffer->timestamp.tv_sec = now.tv_sec;
    buffer->timestamp.tv_usec = now.tv_nsec / 1000;
    buffer->sequence = frames++;
    return 0;
}

static int answer(unsigned long request, void *given) {
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *can = given;
        memset(can, 0, sizeof *can);
        strcpy((char *)can->card, "Desk Webcam");
        can->capabilities = can->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *format = given;
        if (format->index) return refused(EINVAL);
        format->pixelformat = V4L2_PIX_FMT_YUYV;
        strcpy((char *)format->description, "YUYV");
        return 0;
    }
    case VIDIOC_G_INPUT: *(int *)given = 0; return 0;
    case VIDIOC_ENUMINPUT: {
        struct v4l2_input *input = given;
        if (input->index) return refused(EINVAL);
        memset(input, 0, sizeof *input);
        input->type = V4L2_INPUT_TYPE_CAMERA;
        return 0;
    }
    case VIDIOC_TRY_FMT: case VIDIOC_S_FMT: case VIDIOC_G_FMT: {
        struct v4l2_format *format = given;
        struct v4l2_pix_format *pix = &format->fmt.pix;
        if (request == VIDIOC_G_FMT && !width) { width = 640; height = 480; }
        if (request != VIDIOC_G_FMT) { width = pix->width & ~1u; height = pix->height; }
        pix->width = width; pix->height = height;
        pix->pixelformat = V4L2_PIX_FMT_YUYV;
        pix->field = V4L2_FIELD_NONE;
        pix->bytesperline = 2 * width;
        pix->sizeimage = size();
        return 0;
    }
    case VIDIOC_G_PARM: case VIDIOC_S_PARM: {
        struct v4l2_streamparm *parameters = given;
        struct v4l2_fract *per = &parameters->parm.capture.timeperframe;
        if (request == VIDIOC_S_PARM && per->numerator) rate_hz = per->denominator / per->numerator;
        parameters->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
        per->numerator = 1; per->denominator = rate_hz;
        return 0;
    }
    case VIDIOC_REQBUFS: {
        struct v4l2_requestbuffers *wanted = given;
        buffers = wanted->count < MOST_BUFFERS ? wanted->count : MOST_BUFFERS;
        wanted->count = buffers;
        return ftruncate(device, (off_t)buffers * (off_t)span());
    }
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *buffer = given;
        buffer->length = size();
        buffer->m.offset = buffer->index * span();
        return 0;
    }
    case VIDIOC_DQBUF: return give_frame(given);
    case VIDIOC_QBUF: case VIDIOC_STREAMON: case VIDIOC_STREAMOFF: return 0;
    default: return refused(ENOTTY);
    }
}

int ioctl(int fd, unsigned long request, ...) {
    va_list more;
    va_start(more, request);
    void *given = va_arg(more, void *);
    va_end(more);
    if (fd >= 0 && fd == device && (request >> 8 & 0xff) == 'V') return answer(request & 0xffffffff, given);
    int (*real)(int, unsigned long, ...) = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    return real(fd, request, given);
}
