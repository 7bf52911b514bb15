/* SPDX-License-Identifier: MIT */
/* Placeholder of the state functions: the configuration defaults. */
#include <plurum/trust.h>

void plurum_trust_config_init(plurum_trust_config *config)
{
    *config = (plurum_trust_config){
        .struct_size = sizeof *config,
        .half_life = 7776000.0,
        .prior = 2.0,
        .base_rate = 0.5,
        .confidence_weight = 0.25,
        .vote_weight = 0.2,
        .vote_cap = 1.0,
        .z = 1.6448536269514722,
        .quarantine_failures = 3,
        .quarantine_margin = __builtin_inf(),
    };
}
