# ccache where it is installed. It needs to be told that a precompiled header may be trusted.
find_program(PEAL_CCACHE ccache)
if(PROJECT_IS_TOP_LEVEL AND PEAL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${PEAL_CCACHE})
endif()
