/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <plurum/trust.h>
int main(void) { plurum_trust_config c; plurum_trust_config_init(&c); return c.prior == 2.0 ? 0 : 1; }
