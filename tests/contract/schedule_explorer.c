#include "schedule_explorer.h"

#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX = 6, IDLE = 255, STATES_MAX = 1 << 16, TABLE_SIZE = 1 << 17 };

/* The state of the device and its queue. Ages count from the arrival of a request. */
typedef struct device_state {
    uint8_t wait[EXPLORER_MODELS_MAX];             /* until the next request may arrive */
    uint8_t pending[EXPLORER_MODELS_MAX];          /* requests that wait, the oldest first */
    uint8_t age[EXPLORER_MODELS_MAX][PENDING_MAX]; /* of each */
    uint8_t running;                               /* the index of a model, or IDLE */
    uint8_t left;                                  /* of its execution */
    uint8_t running_age;
} device_state;

typedef struct explorer {
    const rein_schedule_request *request;
    device_state *states; /* in the order in which they were reached; `done` of them are explored */
    size_t count;
    size_t done;
    uint32_t *table; /* index + 1 into `states`, by hash */
    exploration found;
} explorer;

static uint64_t hash_of(const device_state *state) {
    const unsigned char *bytes = (const unsigned char *)state;
    uint64_t hash = 1469598103934665603U;
    for (size_t index = 0; index < sizeof *state; index++) {
        hash = (hash ^ bytes[index]) * 1099511628211U;
    }
    return hash ^ hash >> 29;
}

static void reach(explorer *self, const device_state *state) {
    size_t slot = (size_t)(hash_of(state) % TABLE_SIZE);
    while (self->table[slot] != 0) {
        if (memcmp(&self->states[self->table[slot] - 1], state, sizeof *state) == 0) {
            return;
        }
        slot = (slot + 1) % TABLE_SIZE;
    }
    if (self->count == STATES_MAX) {
        self->found.is_complete = false;
        return;
    }
    self->states[self->count++] = *state;
    self->table[slot] = (uint32_t)self->count;
}

static size_t count_of(const explorer *self) {
    size_t count = self->request->model_count;
    return count < EXPLORER_MODELS_MAX ? count : EXPLORER_MODELS_MAX;
}

static const rein_schedule_model *model_of(const explorer *self, size_t index) {
    return &self->request->models[index];
}

/* Removes the oldest request of the model. */
static void start(const explorer *self, device_state *state, size_t index) {
    state->running = (uint8_t)index;
    state->left = (uint8_t)model_of(self, index)->compute.ns;
    state->running_age = state->age[index][0];
    state->pending[index]--;
    memmove(&state->age[index][0], &state->age[index][1], PENDING_MAX - 1);
    state->age[index][PENDING_MAX - 1] = 0;
}

/* Ages everything by 1 ns, and ends the execution if it is over. */
static void advance(explorer *self, device_state state) {
    for (size_t index = 0; index < count_of(self); index++) {
        state.wait[index] = (uint8_t)(state.wait[index] - (state.wait[index] > 0));
        for (size_t request = 0; request < state.pending[index]; request++) {
            state.age[index][request]++;
            bool is_late = state.age[index][request] >= model_of(self, index)->deadline.ns;
            self->found.is_late = self->found.is_late || is_late;
        }
    }
    if (state.running != IDLE) {
        state.running_age++;
        state.left--;
    }
    if (state.running != IDLE && state.left == 0) {
        size_t index = state.running;
        uint64_t age = state.running_age;
        uint64_t *longest = &self->found.longest_response[index];
        *longest = age > *longest ? age : *longest;
        bool is_late = age > (uint64_t)model_of(self, index)->deadline.ns;
        self->found.is_late = self->found.is_late || is_late;
        state.running = IDLE;
        state.running_age = 0;
    }
    reach(self, &state);
}

/* Returns how urgent the oldest request of the model is: the least number starts first. */
static int64_t urgency(const explorer *self, const device_state *state, size_t index) {
    if (self->request->policy == REIN_SCHEDULE_FIXED_PRIORITY) {
        return model_of(self, index)->priority;
    }
    int64_t age = state->age[index][0];
    bool is_first_come = self->request->policy == REIN_SCHEDULE_FIRST_COME;
    return is_first_come ? -age : model_of(self, index)->deadline.ns - age;
}

/* Follows each choice that the policy permits. */
static void dispatch(explorer *self, const device_state *state) {
    int64_t best = INT64_MAX;
    for (size_t index = 0; index < count_of(self); index++) {
        if (state->pending[index] > 0 && urgency(self, state, index) < best) {
            best = urgency(self, state, index);
        }
    }
    if (state->running != IDLE || best == INT64_MAX) {
        advance(self, *state);
        return;
    }
    for (size_t index = 0; index < count_of(self); index++) {
        if (state->pending[index] > 0 && urgency(self, state, index) == best) {
            device_state chosen = *state;
            start(self, &chosen, index);
            advance(self, chosen);
        }
    }
}

/* Follows each set of models that may request now. */
static void arrive(explorer *self, const device_state *state) {
    size_t count = count_of(self);
    for (unsigned set = 0; set < 1U << count && !self->found.is_late; set++) {
        device_state next = *state;
        bool is_possible = true;
        for (size_t index = 0; index < count; index++) {
            if ((set >> index & 1) != 0) {
                is_possible = is_possible && next.wait[index] == 0;
                next.wait[index] = (uint8_t)model_of(self, index)->period.ns;
                if (next.pending[index] == PENDING_MAX) {
                    self->found.is_complete = false;
                    return;
                }
                next.pending[index]++;
            }
        }
        if (is_possible) {
            dispatch(self, &next);
        }
    }
}

exploration explore_schedule(const rein_schedule_request *request) {
    explorer self = {.request = request,
                     .states = malloc(STATES_MAX * sizeof *self.states),
                     .table = calloc(TABLE_SIZE, sizeof *self.table)};
    self.found.is_complete = self.states != NULL && self.table != NULL;
    device_state empty;
    memset(&empty, 0, sizeof empty);
    empty.running = IDLE;
    if (self.found.is_complete) {
        reach(&self, &empty);
    }
    while (self.done < self.count && self.found.is_complete && !self.found.is_late) {
        device_state state = self.states[self.done++];
        arrive(&self, &state);
    }
    free(self.states);
    free(self.table);
    return self.found;
}
