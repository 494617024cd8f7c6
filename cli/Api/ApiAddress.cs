namespace Quorate.Cli.Api;

/// <summary>Where the cluster's HTTP API is.</summary>
/// <remarks>
/// <c>QUORATE_API</c> holds one address, or several separated by commas: the schedulers are equal, and the first that answers
/// serves. <c>QUORATE_API_FALLBACK</c> adds more; it exists so that <c>QUORATE_API</c> in a lab's file stays one plain address.
/// </remarks>
internal static class ApiAddress
{
    /// <summary>The variable, and the key in the file.</summary>
    public const string Variable = "QUORATE_API";

    private const string FallbackVariable = "QUORATE_API_FALLBACK";

    /// <summary>Finds the addresses to try, in order.</summary>
    /// <param name="environment">Reads an environment variable; null where it is not set.</param>
    /// <param name="directory">Where the search for <c>.lab/env</c> begins; it goes upwards from here.</param>
    /// <returns>At least one absolute http(s) address.</returns>
    /// <exception cref="NoAnswerException">None is given, one is not an address, or the file cannot be read.</exception>
    public static IReadOnlyList<Uri> Find(Func<string, string?> environment, string directory)
    {
        if (environment(Variable) is { } given && !string.IsNullOrWhiteSpace(given))
        {
            return Parse($"{given},{environment(FallbackVariable)}", $"the environment variable {Variable}");
        }

        for (DirectoryInfo? place = new(directory); place is not null; place = place.Parent)
        {
            string file = Path.Combine(place.FullName, ".lab", "env");
            if (File.Exists(file) && ReadFile(file) is { Length: > 0 } addresses)
            {
                return Parse(addresses, file);
            }
        }

        throw new NoAnswerException(
            $"no cluster to ask: set {Variable}=http://HOST:PORT to the address of a scheduler, or start a lab with ./lab up "
            + $"(no .lab/env in {directory} or above it)");
    }

    private static string ReadFile(string file)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach (string line in ReadLines(file))
        {
            if (line.Split('=', 2) is [var key, var value])
            {
                settings[key.Trim()] = value.Trim();
            }
        }

        return settings.TryGetValue(Variable, out string? address)
            ? $"{address},{settings.GetValueOrDefault(FallbackVariable)}"
            : string.Empty;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NoAnswerException($"{file} cannot be read ({exception.Message}): set {Variable}=http://HOST:PORT instead, or correct its permissions", exception);
        }
    }

    private static List<Uri> Parse(string text, string source)
    {
        List<Uri> addresses = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(part, UriKind.Absolute, out Uri? address)
                || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            {
                throw new NoAnswerException($"{source} says '{part}', which is not an address like http://127.0.0.1:8080");
            }

            addresses.Add(address);
        }

        return addresses;
    }
}
