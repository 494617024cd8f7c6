using System.Diagnostics;

namespace Quorate.Tests.Integration.Support;

/// <summary>
/// An executable script that can be run at once by this process. Written by another one: whatever this process forks between opening and
/// closing a file has it open for writing until it executes, and until then nobody can execute the file ("text file busy").
/// </summary>
internal static class AgentFile
{
    public static void Write(string file, string text)
    {
        ProcessStartInfo write = new("/bin/sh") { ArgumentList = { "-c", "printf %s \"$1\" >\"$2\" && chmod 700 \"$2\"", "sh", text, file } };
        using Process shell = Process.Start(write) ?? throw new InvalidOperationException("no shell");
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
