import ChatCommand
import Glibc

ProgramStart.prepare()
exit(await CommandRunner().run(ProgramArguments.current()))
