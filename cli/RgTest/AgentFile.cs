namespace Quorate.Cli.RgTest;

/// <summary>Tells agents from other programs without running them: <c>/sbin</c> holds <c>reboot</c>, too.</summary>
internal static class AgentFile
{
    private const int BytesRead = 64 * 1024;

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// True for a regular executable file whose beginning speaks of metadata: a script that has the word <c>resource-agent</c> or
    /// <c>meta-data</c>, or a compiled program that holds the element it would print.
    /// </summary>
    public static bool LooksLikeOne(string path)
    {
        if (path.EndsWith('~') || Path.GetExtension(path).StartsWith(".rpm", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            // Pipes, sockets and devices have no length; to open them could wait for ever.
            FileInfo file = new(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file is { Exists: true, Length: > 0 }
                && (OperatingSystem.IsWindows() || (file.UnixFileMode & Executable) != 0)
                && SpeaksOfMetadata(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A dangling link, or a file that went away or may not be read: nothing shows that it is an agent.
            return false;
        }
    }

    private static bool SpeaksOfMetadata(FileInfo file)
    {
        using FileStream stream = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] buffer = new byte[BytesRead];
        ReadOnlySpan<byte> start = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        return start.StartsWith("#!"u8)
            ? start.IndexOf("resource-agent"u8) >= 0 || start.IndexOf("meta-data"u8) >= 0
            : start.IndexOf("<resource-agent"u8) >= 0;
    }
}
