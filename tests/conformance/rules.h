/* The rules. Each tries the probe's backend and writes the outcome to the probe's finding, which is
 * `held` before. */
#ifndef REIN_TESTS_CONFORMANCE_RULES_H
#define REIN_TESTS_CONFORMANCE_RULES_H

#include "conformance/probe.h"

/* lifecycle_rules.c */
void rule_loads_its_model(conformance_probe *probe);
void rule_capabilities_are_sound(conformance_probe *probe);
void rule_starts_without_a_model(conformance_probe *probe);
void rule_loads_and_unloads_again_and_again(conformance_probe *probe);
void rule_refuses_a_second_load(conformance_probe *probe);
void rule_refuses_to_unload_without_a_model(conformance_probe *probe);
void rule_does_not_load_a_missing_model(conformance_probe *probe);
void rule_does_not_load_a_broken_model(conformance_probe *probe);
void rule_keeps_no_path(conformance_probe *probe);
void rule_instances_are_independent(conformance_probe *probe);
void rule_destroy_releases_the_model(conformance_probe *probe);
void rule_warms_up(conformance_probe *probe);
void rule_refuses_null_arguments(conformance_probe *probe);

/* analysis_rules.c */
void rule_specs_are_sound(conformance_probe *probe);
void rule_analysis_loads_nothing(conformance_probe *probe);
void rule_analysis_does_not_find_a_missing_model(conformance_probe *probe);
void rule_analysis_refuses_other_shapes(conformance_probe *probe);

/* estimate_rules.c */
void rule_memory_estimate_is_sound(conformance_probe *probe);
void rule_lifetimes_are_sound(conformance_probe *probe);
void rule_activations_cover_the_lifetimes(conformance_probe *probe);
void rule_estimates_are_sound_at_every_size(conformance_probe *probe);

/* view_rules.c */
void rule_analysis_is_the_same_when_loaded(conformance_probe *probe);
void rule_views_outlive_load_and_unload(conformance_probe *probe);

/* execution_rules.c */
void rule_refuses_to_execute_without_a_model(conformance_probe *probe);
void rule_refuses_requests_for_another_model(conformance_probe *probe);
void rule_refuses_a_cancelled_request(conformance_probe *probe);
void rule_completes_the_result(conformance_probe *probe);
void rule_latency_runs_from_submission(conformance_probe *probe);
void rule_says_whether_the_deadline_was_met(conformance_probe *probe);
void rule_equal_inputs_give_equal_outputs(conformance_probe *probe);

/* tensor_rules.c */
void rule_leaves_the_inputs_alone(conformance_probe *probe);
void rule_changes_only_shape_and_bytes_of_outputs(conformance_probe *probe);
void rule_says_how_many_bytes_an_output_needs(conformance_probe *probe);
void rule_executes_at_every_size(conformance_probe *probe);

/* refusal_rules.c */
void rule_refuses_other_numbers_of_tensors(conformance_probe *probe);
void rule_refuses_tensors_of_other_specs(conformance_probe *probe);

/* thread_rules.c */
void rule_executes_from_several_threads(conformance_probe *probe);
void rule_analysis_runs_beside_execute(conformance_probe *probe);

/* sequence_rules.c */
void rule_opens_and_closes_sequences(conformance_probe *probe);
void rule_executes_in_open_sequences_only(conformance_probe *probe);
void rule_unload_closes_sequences(conformance_probe *probe);
void rule_refuses_sequences_it_does_not_have(conformance_probe *probe);
void rule_keeps_no_state_without_a_sequence(conformance_probe *probe);
void rule_state_estimates_are_sound(conformance_probe *probe);

/* submission_rules.c */
void rule_completes_each_submission_once(conformance_probe *probe);
void rule_completes_submissions_in_order(conformance_probe *probe);
void rule_cancels_submissions(conformance_probe *probe);
void rule_refused_submissions_never_complete(conformance_probe *probe);
void rule_unload_waits_for_submissions(conformance_probe *probe);

/* buffer_rules.c */
void rule_allocates_buffers(conformance_probe *probe);
void rule_executes_with_its_own_buffers(conformance_probe *probe);

#endif
