#include <malloc.h>
#include <zmq.h>

// Every 4.3 has this option, but its header names it among drafts only.
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif
