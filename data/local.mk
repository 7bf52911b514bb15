# SPDX-License-Identifier: GPL-2.0-or-later
modelsdir = $(datadir)/plurum/models
dist_models_DATA = \
	data/models/LICENSE.Apache-2.0 \
	data/models/README.md \
	data/models/minilm-l6-v2.pltm \
	data/models/static-en-256.plsm

plurumdatadir = $(datadir)/plurum
dist_plurumdata_DATA = \
	data/README.md \
	data/experiences.jsonl \
	data/feedback.jsonl \
	data/qrels.tsv \
	data/quality.tsv \
	data/queries.jsonl
