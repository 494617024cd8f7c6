using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.Files;

/// <summary>Reads a configuration from a file: the one way for every command, so that all of them say the same about a bad one.</summary>
internal static class ConfigurationFile
{
    /// <summary>Reads and resolves one file.</summary>
    /// <param name="path">The file; it may be a pipe.</param>
    /// <param name="types">The resource types it may use.</param>
    /// <param name="error">Gets one line when the file cannot be read, or is larger than <see cref="ClusterConfigurationReader.CharactersMax"/> bytes.</param>
    /// <param name="result">What was read, with its findings; they are not printed here.</param>
    /// <returns>False when it cannot be read.</returns>
    public static bool TryRead(string path, ResourceTypeCatalog types, TextWriter error, [NotNullWhen(true)] out ConfigurationResult? result)
    {
        try
        {
            result = ConfigurationText.Decode(ReadBytes(path), out string text) is { } problem
                ? new(null, [problem])
                : ClusterConfigurationReader.Read(text, types);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error.WriteLine($"{path}: cannot be read: {exception.Message}");
            result = null;
            return false;
        }
    }

    /// <summary>The text of one file, in whatever encoding it says it has; null when it cannot be read, which is printed.</summary>
    public static string? ReadText(string path, TextWriter error)
    {
        try
        {
            if (ConfigurationText.Decode(ReadBytes(path), out string text) is not { } problem)
            {
                return text;
            }

            error.WriteLine(Format(path, problem));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error.WriteLine($"{path}: cannot be read: {exception.Message}");
        }

        return null;
    }

    /// <summary>Reads one file for a command that needs a usable configuration, and prints what is wrong with it: errors only.</summary>
    /// <returns>The configuration, or null.</returns>
    public static ClusterConfiguration? ReadUsable(string path, ResourceTypeCatalog types, TextWriter error)
    {
        if (!TryRead(path, types, error, out ConfigurationResult? result))
        {
            return null;
        }

        foreach (ConfigProblem problem in result.Problems.Where(problem => problem.Severity == ConfigSeverity.Error))
        {
            error.WriteLine(Format(path, problem));
        }

        return result.Configuration;
    }

    /// <summary>One line per finding, in the form compilers use.</summary>
    public static string Format(string path, ConfigProblem problem)
    {
        string severity = problem.Severity == ConfigSeverity.Error ? "error" : "warning";
        string line = string.Create(CultureInfo.InvariantCulture, $"{path}:{Math.Max(problem.Line, 1)}: {severity} [{problem.Code}]: {problem.Text}");
        return string.Concat(line.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    // Read to a bound rather than by its length: a device or a pipe has none.
    private static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("it is a directory");
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using MemoryStream content = new();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > ClusterConfigurationReader.CharactersMax)
            {
                throw new IOException($"it is larger than {ClusterConfigurationReader.CharactersMax / (1024 * 1024)} MiB");
            }
        }

        return content.ToArray();
    }
}
