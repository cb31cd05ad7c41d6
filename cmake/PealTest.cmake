find_package(GTest REQUIRED)

# What every test includes, compiled once. Tests reuse it, so they are compiled with the same options.
function(_peal_test_pch)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/peal_test_pch.cpp CONTENT "int peal_test_pch_anchor;\n")
  add_library(peal_test_pch OBJECT ${PROJECT_BINARY_DIR}/peal_test_pch.cpp)
  _peal_test_options(peal_test_pch)
  target_precompile_headers(peal_test_pch PRIVATE
    <gmock/gmock.h> <gtest/gtest.h>
    <algorithm> <array> <chrono> <cstdint> <cstring> <functional> <map> <memory> <optional> <random> <set>
    <span> <string> <string_view> <system_error> <utility> <vector>)
endfunction()

function(_peal_test_options target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_link_libraries(${target} PRIVATE GTest::gmock_main peal::asio)
  peal_warnings(${target})
  # ccache can only follow a precompiled header whose use it sees.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
endfunction()

# All that the sanitized trees build: the tests that are labelled `unit` or `sanitized`, and those labelled `tsan`.
add_custom_target(peal_sanitized_tests)
add_custom_target(peal_tsan_tests)
function(_peal_register_sanitized labels)
  if(labels MATCHES "(^|;)(unit|sanitized)(;|$)" AND ARGN)
    add_dependencies(peal_sanitized_tests ${ARGN})
  endif()
  if("tsan" IN_LIST labels AND ARGN)
    add_dependencies(peal_tsan_tests ${ARGN})
  endif()
endfunction()

# GCC 12's ThreadSanitizer refuses to start where the kernel spreads addresses wider than it knows (vm.mmap_rnd_bits
# over 30 or so): its programs are run without that, where the machine lets us.
set(_peal_launch)
if("thread" IN_LIST PEAL_SANITIZE)
  find_program(PEAL_SETARCH setarch)
  mark_as_advanced(PEAL_SETARCH)
  if(PEAL_SETARCH)
    execute_process(COMMAND ${PEAL_SETARCH} --addr-no-randomize ${CMAKE_COMMAND} -E true
                    RESULT_VARIABLE _peal_refused OUTPUT_QUIET ERROR_QUIET)
    if(_peal_refused EQUAL 0)
      set(_peal_launch ${PEAL_SETARCH} --addr-no-randomize)
    endif()
  endif()
endif()

# peal_test(NAME SOURCES … LINKS … [PRIVATE_INCLUDES DIR…] [LABELS …] [TIMEOUT SECONDS] [ARGS …] [NO_UNITY])
#
# One GoogleTest program, registered as one test of ctest with the label `unit` (or LABELS): its cases are
# counted from the XML it writes. PRIVATE_INCLUDES are relative to the root (message/src). Sources are compiled
# together in small batches, so what a file keeps to itself needs a name that its neighbours do not use. A program
# that links the simulator prints the ladder of a test that fails, and leaves its capture in test-results/.
function(peal_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_UNITY" "TIMEOUT" "SOURCES;LINKS;PRIVATE_INCLUDES;LABELS;ARGS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "peal_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(PEAL_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()

  add_executable(${name} ${arg_SOURCES})
  if(arg_LINKS MATCHES "peal::testing")
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/simulator_in_gtest.cpp)
  endif()
  _peal_test_options(${name})
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  target_precompile_headers(${name} REUSE_FROM peal_test_pch)
  foreach(directory IN LISTS arg_PRIVATE_INCLUDES)
    cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    target_include_directories(${name} PRIVATE ${directory})
  endforeach()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_compile_definitions(${name} PRIVATE PEAL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT arg_NO_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
  endif()

  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/test-results)
  add_test(NAME ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
           COMMAND ${_peal_launch} $<TARGET_FILE:${name}>
                   --gtest_output=xml:${PROJECT_BINARY_DIR}/test-results/${name}.xml ${arg_ARGS})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS};gtest"
    ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1;ASAN_OPTIONS=detect_stack_use_after_return=1;TSAN_OPTIONS=halt_on_error=1;PEAL_TEST_OUTPUT=${PROJECT_BINARY_DIR}/test-results")
  _peal_register_sanitized("${arg_LABELS}" ${name})
endfunction()

# peal_long_test(NAME PROGRAM FILTER ENVIRONMENT…)
#
# The same program again with more of it asked for by environment variables: label `long`, not part of every run.
function(peal_long_test name program filter)
  add_test(NAME ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
           COMMAND ${_peal_launch} $<TARGET_FILE:${program}> --gtest_filter=${filter} --gtest_output=xml:${PROJECT_BINARY_DIR}/test-results/${name}.xml)
  set_tests_properties(${name} PROPERTIES TIMEOUT 3000 LABELS "long;gtest"
    ENVIRONMENT "${ARGN};PEAL_TEST_OUTPUT=${PROJECT_BINARY_DIR}/test-results")
endfunction()

# peal_script_test(NAME COMMAND … [LABELS …] [TIMEOUT SECONDS] [SERIAL] [BUILDS] [DEPENDS TARGET…])
#
# A test that is not a GoogleTest program: it passes with exit code 0, is skipped with 77. Label `long` keeps it out
# of every run, `sanitized` puts it into the sanitized tree too (DEPENDS: what it needs built there). SERIAL: nothing
# else may run meanwhile. BUILDS: it builds in this build tree, as only one test may at a time.
function(peal_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL;BUILDS" "TIMEOUT" "COMMAND;LABELS;DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "peal_script_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS script)
  endif()
  if(PEAL_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" SKIP_RETURN_CODE 77)
  if(arg_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
  if(arg_BUILDS)
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK build_tree)
  endif()
  _peal_register_sanitized("${arg_LABELS}" ${arg_DEPENDS})
endfunction()

_peal_test_pch()

# peal_fuzz(NAME SOURCES … LINKS … [CORPUS DIR…] [CUTS N] [FLAGS …] [PRIVATE_INCLUDES DIR…])
#
# A libFuzzer target. With the preset `fuzz` it is the fuzzer, run for PEAL_FUZZ_SECONDS by ctest from PEAL_FUZZ_SEED, so
# that a run of the tests does not depend on chance (0: another seed each time, to look for more); in every other tree the
# same function is fed the files of the corpus, whole and cut short at each byte (or at about CUTS places, where the
# function takes long), so that a crash once found stays found. FLAGS: further ones for libFuzzer.
set(PEAL_FUZZ_SECONDS 30 CACHE STRING "How long ctest lets each fuzz target run (preset fuzz)")
set(PEAL_FUZZ_SEED 1 CACHE STRING "Where the chance of each fuzz target begins; 0: somewhere else each time")
add_custom_target(peal_fuzzers)
function(peal_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CUTS" "SOURCES;LINKS;CORPUS;FLAGS;PRIVATE_INCLUDES")
  add_executable(${name} ${arg_SOURCES})
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  peal_warnings(${name})
  foreach(directory IN LISTS arg_PRIVATE_INCLUDES)
    cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    target_include_directories(${name} PRIVATE ${directory})
  endforeach()
  if("fuzzer-no-link" IN_LIST PEAL_SANITIZE)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name}_found)
    add_dependencies(peal_fuzzers ${name})
    math(EXPR limit "${PEAL_FUZZ_SECONDS} + 60")
    peal_script_test(${name} LABELS fuzz TIMEOUT ${limit}
      COMMAND ${name} -max_total_time=${PEAL_FUZZ_SECONDS} -seed=${PEAL_FUZZ_SEED} -timeout=10 -error_exitcode=1 ${arg_FLAGS}
              -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${name}_
              ${CMAKE_CURRENT_BINARY_DIR}/${name}_found ${arg_CORPUS})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/fuzz_replay.cpp)
    if(arg_CUTS)
      list(PREPEND arg_CORPUS --cuts=${arg_CUTS})
    endif()
    peal_script_test(${name} LABELS sanitized COMMAND ${name} ${arg_CORPUS} DEPENDS ${name})
  endif()
endfunction()
