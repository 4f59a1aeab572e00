/* Mutexes that record their owner: locking a mutex twice or unlocking another thread's mutex aborts
 * the program. They replace pthread's through the linker's --wrap. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int __real_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) {
    pthread_mutexattr_t checked;
    (void)attributes;
    pthread_mutexattr_init(&checked);
    pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
    int result = __real_pthread_mutex_init(mutex, &checked);
    pthread_mutexattr_destroy(&checked);
    return result;
}

static int require_success(int result, const char *what) {
    if (result != 0) {
        fprintf(stderr, "a mutex is %s\n", what);
        abort();
    }
    return result;
}

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
    return require_success(__real_pthread_mutex_lock(mutex), "locked twice by one thread");
}

int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex) {
    return require_success(__real_pthread_mutex_unlock(mutex),
                           "unlocked by a thread that has not locked it");
}
