#include <malloc.h>
#include <zmq.h>
