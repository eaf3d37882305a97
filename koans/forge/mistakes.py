"""The mistakes the forge can make: a name, a family, and the function that finds where.

A mistake must be repairable from what is left: the compiler's message, the rest of the program and
its conventions say what was there. Whether a change breaks the program at all, and with which
error, only the compiler knows: the forge asks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sleepy.koans.forge.mutations import borrows, insertions, items, names, omissions, slips, types
from sleepy.koans.syntax import Changes, ParsedSource


@dataclass(frozen=True, slots=True)
class Mistake:
    """`places` yields one tuple of changes for each place the mistake can be made in a program."""

    name: str
    family: str
    title: str
    places: Callable[[ParsedSource], Iterator[Changes]]


def _of(family: str, *functions: Callable[[ParsedSource], Iterator[Changes]]) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(function.__name__, family, (function.__doc__ or "").strip().split("\n")[0], function)
        for function in functions
    )


MISTAKES: tuple[Mistake, ...] = (
    *_of(
        "borrow_checker",
        borrows.immutable_binding,
        borrows.shared_reference_type,
        borrows.shared_borrow,
        borrows.dropped_borrow,
        borrows.extra_borrow,
        borrows.dropped_clone,
        borrows.dropped_view,
        borrows.other_iteration,
        borrows.moved_loop,
        borrows.dropped_dereference,
        borrows.extra_dereference,
        borrows.dropped_pattern_borrow,
        borrows.extra_pattern_borrow,
        borrows.dropped_move,
        borrows.swapped_statements,
        borrows.inlined_binding,
        borrows.early_drop,
        borrows.consumed_receiver,
        borrows.cloned_later,
        borrows.borrowed_for_cloned,
        borrows.borrowed_for_copied,
        borrows.untaken,
        borrows.borrowed_result,
        types.dropped_borrow_of_field,
    ),
    *_of(
        "lifetimes",
        items.dropped_lifetime,
        items.dropped_lifetime_parameter,
        items.dropped_lifetime_argument,
    ),
    *_of(
        "trait_bounds",
        items.dropped_derive,
        items.dropped_derives,
        items.dropped_bound,
        items.dropped_where,
        items.wrong_trait_method,
        items.missing_associated_type,
        items.static_text_field,
        items.sized_trait,
        items.dropped_associated_type,
        items.extra_derive,
    ),
    *_of(
        "result_handling",
        types.dropped_question,
        types.extra_question,
        types.dropped_unwrap,
        types.extra_unwrap,
        types.dropped_wrapper,
        types.extra_wrapper,
        types.other_wrapper,
        types.plain_return_type,
    ),
    *_of(
        "type_mismatch",
        types.other_number_type,
        types.text_type,
        types.dropped_conversion,
        types.dropped_return_type,
        types.unboxed_type,
        types.other_container,
        types.dropped_reference_type,
        types.extra_reference_type,
        types.dropped_cast,
        types.other_cast,
        types.other_literal,
        types.owned_literal,
        types.dropped_annotation,
        types.semicolon_at_the_end,
        types.dropped_else,
        types.swapped_arguments,
        types.extra_argument,
        types.missing_argument,
        types.uninitialised,
        types.dropped_format_argument,
        types.other_format,
        types.early_return_value,
        types.dropped_tail,
        types.negated,
        types.other_text_making,
    ),
    *_of(
        "names",
        names.misspelt,
        names.other_name,
        names.dropped_self,
        names.field_for_method,
        names.method_for_field,
        names.called_value,
        names.dot_for_path,
        names.foreign_method,
        names.foreign_type,
        names.wrong_case,
        names.dropped_macro_mark,
        items.dropped_import,
        items.wrong_import,
        items.unqualified_name,
    ),
    *_of(
        "patterns",
        items.missing_pattern_field,
        items.missing_variant_field,
        items.narrowed_arm,
        items.missing_arm,
    ),
    *_of(
        "items",
        items.missing_field,
        items.misplaced_receiver,
        items.repeated_item,
        items.dropped_default,
    ),
    *_of(
        "syntax",
        slips.dropped_semicolon,
        slips.dropped_comma,
        slips.other_separator,
        slips.dropped_bracket,
        slips.extra_bracket,
        slips.other_arrow,
        slips.other_operator,
        slips.other_keyword,
        slips.dropped_keyword,
        slips.dropped_colon,
        slips.type_before_name,
        slips.open_string,
    ),
)
# Only in real crates: they have the neighbours, the visibility and the traits for these.
CRATE_MISTAKES: tuple[Mistake, ...] = (
    *_of(
        "borrow_checker",
        insertions.aliased,
        insertions.moved_early,
        insertions.late_drop,
        insertions.inner_scope,
        insertions.cloned_view,
        insertions.extra_move,
        insertions.method_drop,
    ),
    *_of(
        "trait_bounds",
        omissions.dropped_method,
        omissions.swapped_impl,
        omissions.extra_visibility,
    ),
    *_of(
        "type_mismatch",
        omissions.closure_arity,
        omissions.dropped_suffix,
        omissions.cast_for_from,
        omissions.tuple_for_index,
        omissions.open_range,
    ),
    *_of(
        "names",
        omissions.dropped_unsafe,
        omissions.dropped_visibility,
        omissions.dropped_qualifier,
        omissions.dropped_label,
        omissions.unqualified_type,
    ),
)
BY_NAME = {mistake.name: mistake for mistake in MISTAKES}
