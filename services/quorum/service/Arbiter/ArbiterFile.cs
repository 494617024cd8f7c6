using System.Text.Json;
using Quorate.Contracts.V1;
using Quorate.Hosting.Files;
using Quorate.Hosting.Settings;
using Quorate.Quorum.Core;

namespace Quorate.Quorum.Service.Arbiter;

/// <summary>Where a replica remembers, outside the database, how far it saw it count (rule S14).</summary>
/// <param name="directory">Of this replica alone; empty remembers nothing.</param>
internal sealed class ArbiterFile(string directory)
{
    private const string Name = "arbiter.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>True when something is remembered beyond this process.</summary>
    public bool IsKept => directory.Length > 0;

    private string FullName => Path.Combine(directory, Name);

    /// <summary>What was remembered; nothing on the first start.</summary>
    /// <exception cref="SettingsException">The file is there and cannot be read. A replica that forgot must not start as if it never knew.</exception>
    public ArbiterSight Read()
    {
        if (!IsKept)
        {
            return default;
        }

        try
        {
            Directory.CreateDirectory(directory);
            if (!File.Exists(FullName))
            {
                return default;
            }

            ArbiterSight read = ArbiterSight.Of(JsonSerializer.Deserialize<ArbiterPoint>(File.ReadAllBytes(FullName), Json));
            return read.Era > 0 ? read : throw Unusable("it holds no point of the arbiter");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unusable(failure.Message, failure);
        }
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Write(ArbiterSight sight) => DurableFile.Write(FullName, JsonSerializer.SerializeToUtf8Bytes(sight.ToPoint(), Json));

    private SettingsException Unusable(string reason, Exception? cause = null)
    {
        string text = $"{FullName} cannot be used ({reason}): it remembers how far the database had counted. Repair it, or remove it if the "
            + "database has surely forgotten nothing";
        return cause is null ? new SettingsException(text) : new SettingsException(text, cause);
    }
}
