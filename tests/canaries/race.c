/* Two threads write the same integer without a lock. */
#include <pthread.h>
#include <stddef.h>

static int shared_counter;

static void *count(void *unused) {
    for (int round = 0; round < 100000; round++) {
        shared_counter++;
    }
    return unused;
}

int main(void) {
    pthread_t rival;
    if (pthread_create(&rival, NULL, count, NULL) != 0) {
        return 0;
    }
    count(NULL);
    pthread_join(rival, NULL);
    return 0;
}
