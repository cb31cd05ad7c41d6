# ccache where it is installed. It is told that a precompiled header may be trusted, and to see paths relative to
# this tree, so that all clones on a machine share what one of them compiled.
find_program(PEAL_CCACHE ccache)
mark_as_advanced(PEAL_CCACHE)
if(PROJECT_IS_TOP_LEVEL AND PEAL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${PEAL_CCACHE})
endif()
