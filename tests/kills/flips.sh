#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A hundred flipped bits; tests/kills/flips says what must hold.
case ${srcdir:-.} in
/*) top=$srcdir ;;
*) top=$PWD/${srcdir:-.} ;;
esac
PLURUM_MODELS="$top/data/models" srcdir=$top exec tests/kills/flips --flips 100 --seed 3
