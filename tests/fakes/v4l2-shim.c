/*
 * A V4L2 camera that is not there, for LD_PRELOAD: YUYV 320x240 and 160x120 at 15 and 30 fps, a moving ramp.
 *
 * V4L2_SHIM_DEVICE  path that is this camera, e.g. /dev/video42
 * V4L2_SHIM_FAULT   file whose one word says what is wrong with it now; no file = nothing:
 *   gone    open: ENOENT, everything else: ENODEV (unplugged)   busy    the stream cannot be started: EBUSY
 *   denied  open: EACCES                                        frozen  the same picture again and again
 *   black   no light                                            hangs   no frame ever comes
 *   garbage when opened: says that it delivers MJPEG, which is none
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BUFFERS 4
#define MAX_BYTES (320 * 240 * 2)

static int camera = -1;
static unsigned width = 320, height = 240, fps = 30, frames = 0, wanted = 0;
static int garbage = 0;
static unsigned queued[BUFFERS], queued_count = 0;
static unsigned char *memory[BUFFERS];

static int fault_is(const char *word) {
  const char *file = getenv("V4L2_SHIM_FAULT");
  FILE *f = file ? fopen(file, "r") : NULL;
  char found[16] = "";
  if (!f) return 0;
  if (!fgets(found, sizeof found, f)) found[0] = 0;
  fclose(f);
  found[strcspn(found, "\n")] = 0;
  return strcmp(found, word) == 0;
}

static int fail(int error) {
  errno = error;
  return -1;
}

static int open_camera(void) {
  if (fault_is("gone")) return fail(ENOENT);
  if (fault_is("denied")) return fail(EACCES);
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  frames = queued_count = 0;
  garbage = fault_is("garbage");
  return camera = real("/dev/null", O_RDWR);
}

static int is_camera(const char *path) {
  const char *device = getenv("V4L2_SHIM_DEVICE");
  return device && strcmp(path, device) == 0;
}

#define OPEN(name)                                             \
  int name(const char *path, int flags, ...) {                 \
    va_list rest;                                              \
    va_start(rest, flags);                                     \
    int mode = va_arg(rest, int);                              \
    va_end(rest);                                              \
    if (is_camera(path)) return open_camera();                 \
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
    return real(path, flags, mode);                            \
  }
OPEN(open)
OPEN(open64)

#define MMAP(name)                                                                          \
  void *name(void *at, size_t length, int prot, int flags, int fd, off_t offset) {          \
    if (fd == camera && camera >= 0) return memory[(offset / MAX_BYTES) % BUFFERS];         \
    void *(*real)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, #name);          \
    return real(at, length, prot, flags, fd, offset);                                       \
  }
MMAP(mmap)
MMAP(mmap64)

int munmap(void *at, size_t length) {
  for (int n = 0; n < BUFFERS; n++)
    if (at && at == memory[n]) return 0;
  int (*real)(void *, size_t) = dlsym(RTLD_NEXT, "munmap");
  return real(at, length);
}

int close(int fd) {
  if (fd == camera) camera = -1;
  int (*real)(int) = dlsym(RTLD_NEXT, "close");
  return real(fd);
}

static int next_frame(struct v4l2_buffer *buffer) {
  while (fault_is("hangs")) usleep(20000);
  usleep(1000000 / fps);
  if (fault_is("gone")) return fail(ENODEV);
  if (queued_count == 0) return fail(EAGAIN);
  buffer->index = queued[0];
  memmove(queued, queued + 1, --queued_count * sizeof *queued);
  if (!fault_is("frozen")) frames++;
  int black = fault_is("black");
  unsigned char *at = memory[buffer->index];
  if (garbage) {
    for (unsigned n = 0; n < width * height; n++) at[n] = (n * 37 + frames) % 251;
    buffer->bytesused = width * height;
    buffer->length = MAX_BYTES;
    return 0;
  }
  for (unsigned n = 0; n < width * height; n++) {
    at[2 * n] = black ? 16 + frames % 2 : 40 + (n % width + 3 * frames) % 160;
    at[2 * n + 1] = 128;
  }
  buffer->bytesused = width * height * 2;
  buffer->length = MAX_BYTES;
  buffer->sequence = frames;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  buffer->timestamp.tv_sec = now.tv_sec;
  buffer->timestamp.tv_usec = now.tv_nsec / 1000;
  buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_DONE;
  return 0;
}

static int set_format(struct v4l2_format *format) {
  int small = format->fmt.pix.width && format->fmt.pix.width <= 160;
  width = small ? 160 : 320;
  height = small ? 120 : 240;
  format->fmt.pix.width = width;
  format->fmt.pix.height = height;
  format->fmt.pix.pixelformat = garbage ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
  format->fmt.pix.field = V4L2_FIELD_NONE;
  format->fmt.pix.bytesperline = width * 2;
  format->fmt.pix.sizeimage = width * height * 2;
  return 0;
}

static int answer(unsigned long request, void *data) {
  struct v4l2_capability *able = data;
  struct v4l2_fmtdesc *kind = data;
  struct v4l2_frmsizeenum *size = data;
  struct v4l2_frmivalenum *rate = data;
  struct v4l2_streamparm *parm = data;
  struct v4l2_buffer *buffer = data;
  if (fault_is("gone")) return fail(ENODEV);
  switch (request) {
    case VIDIOC_QUERYCAP:
      memset(able, 0, sizeof *able);
      strcpy((char *)able->driver, "shim");
      strcpy((char *)able->card, "shim");
      able->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS;
      able->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
      return 0;
    case VIDIOC_G_INPUT: case VIDIOC_S_INPUT:
      *(int *)data = 0;
      return 0;
    case VIDIOC_ENUMINPUT:
      if (((struct v4l2_input *)data)->index > 0) return fail(EINVAL);
      memset(data, 0, sizeof(struct v4l2_input));
      ((struct v4l2_input *)data)->type = V4L2_INPUT_TYPE_CAMERA;
      return 0;
    case VIDIOC_ENUM_FMT:
      if (kind->index > 0 || kind->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
      strcpy((char *)kind->description, "YUYV 4:2:2");
      kind->flags = garbage ? V4L2_FMT_FLAG_COMPRESSED : 0;
      kind->pixelformat = garbage ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
      return 0;
    case VIDIOC_ENUM_FRAMESIZES:
      if (size->index > 1) return fail(EINVAL);
      size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
      size->discrete.width = size->index ? 160 : 320;
      size->discrete.height = size->index ? 120 : 240;
      return 0;
    case VIDIOC_ENUM_FRAMEINTERVALS:
      if (rate->index > 1) return fail(EINVAL);
      rate->type = V4L2_FRMIVAL_TYPE_DISCRETE;
      rate->discrete = (struct v4l2_fract){1, rate->index ? 15 : 30};
      return 0;
    case VIDIOC_G_FMT: case VIDIOC_S_FMT: case VIDIOC_TRY_FMT:
      return set_format(data);
    case VIDIOC_G_PARM: case VIDIOC_S_PARM:
      wanted = parm->parm.capture.timeperframe.denominator;
      if (request == VIDIOC_S_PARM && wanted)
        fps = wanted / (parm->parm.capture.timeperframe.numerator ?: 1) <= 15 ? 15 : 30;
      parm->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
      parm->parm.capture.timeperframe = (struct v4l2_fract){1, fps};
      return 0;
    case VIDIOC_REQBUFS:
      ((struct v4l2_requestbuffers *)data)->count = BUFFERS;
      for (int n = 0; n < BUFFERS; n++)
        if (!memory[n]) memory[n] = calloc(1, MAX_BYTES);
      return 0;
    case VIDIOC_QUERYBUF:
      buffer->length = MAX_BYTES;
      buffer->m.offset = buffer->index * MAX_BYTES;
      return 0;
    case VIDIOC_QBUF:
      if (queued_count < BUFFERS) queued[queued_count++] = buffer->index;
      return 0;
    case VIDIOC_STREAMON:
      return fault_is("busy") ? fail(EBUSY) : 0;
    case VIDIOC_STREAMOFF:
      return 0;
    case VIDIOC_DQBUF:
      return next_frame(buffer);
    default:
      return fail(ENOTTY);
  }
}

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *data = va_arg(rest, void *);
  va_end(rest);
  if (fd == camera && camera >= 0) return answer((unsigned int)request, data);
  int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
  return real(fd, request, data);
}
